import type { Words } from "./words";

// What the chapters cite. Addresses are DOIs, which outlive the hosts they lead to.

export interface Reference {
  authors: string;
  year: number;
  title: string;
  where: string;
  doi: string;
}

const arxiv = (number: string) => `10.48550/arXiv.${number}`;

/** The paper that all this is about. */
export const HARDT: Reference = {
  authors: "M. Hardt and T. Ma",
  year: 2017,
  title: "Identity matters in deep learning",
  where: "ICLR 2017",
  doi: "10.48550/arXiv.1611.04231",
};

export const REFERENCES: Record<string, Reference> = {
  hardt: HARDT,
  he: {
    authors: "K. He, X. Zhang, S. Ren and J. Sun",
    year: 2016,
    title: "Deep residual learning for image recognition",
    where: "CVPR 2016",
    doi: "10.1109/CVPR.2016.90",
  },
  kawaguchi: {
    authors: "K. Kawaguchi",
    year: 2016,
    title: "Deep learning without poor local minima",
    where: "NeurIPS 2016",
    doi: arxiv("1605.07110"),
  },
  yun: {
    authors: "C. Yun, S. Sra and A. Jadbabaie",
    year: 2018,
    title: "Global optimality conditions for deep neural networks",
    where: "ICLR 2018",
    doi: arxiv("1707.02444"),
  },
  saxe: {
    authors: "A. M. Saxe, J. L. McClelland and S. Ganguli",
    year: 2013,
    title: "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    where: "ICLR 2014",
    doi: arxiv("1312.6120"),
  },
  bartlett: {
    authors: "P. L. Bartlett, D. P. Helmbold and P. M. Long",
    year: 2018,
    title:
      "Gradient descent with identity initialization efficiently learns positive definite linear transformations by deep residual networks",
    where: "ICML 2018",
    doi: arxiv("1802.06093"),
  },
  wu: {
    authors: "L. Wu, Q. Wang and C. Ma",
    year: 2019,
    title: "Global convergence of gradient descent for deep linear residual networks",
    where: "NeurIPS 2019",
    doi: arxiv("1911.00645"),
  },
  shamir: {
    authors: "O. Shamir",
    year: 2018,
    title: "Exponential convergence time of gradient descent for one-dimensional deep linear neural networks",
    where: "COLT 2019",
    doi: arxiv("1809.08587"),
  },
  zou: {
    authors: "D. Zou, P. M. Long and Q. Gu",
    year: 2020,
    title: "On the global convergence of training deep linear ResNets",
    where: "ICLR 2020",
    doi: arxiv("2003.01094"),
  },
  fixup: {
    authors: "H. Zhang, Y. N. Dauphin and T. Ma",
    year: 2019,
    title: "Fixup initialization: residual learning without normalization",
    where: "ICLR 2019",
    doi: arxiv("1901.09321"),
  },
  skipinit: {
    authors: "S. De and S. L. Smith",
    year: 2020,
    title: "Batch normalization biases residual blocks towards the identity function in deep networks",
    where: "NeurIPS 2020",
    doi: arxiv("2002.10444"),
  },
  rezero: {
    authors: "T. Bachlechner, B. P. Majumder, H. H. Mao, G. W. Cottrell and J. McAuley",
    year: 2021,
    title: "ReZero is all you need: fast convergence at large depth",
    where: "UAI 2021",
    doi: arxiv("2003.04887"),
  },
  li: {
    authors: "H. Li, Z. Xu, G. Taylor, C. Studer and T. Goldstein",
    year: 2018,
    title: "Visualizing the loss landscape of neural nets",
    where: "NeurIPS 2018",
    doi: arxiv("1712.09913"),
  },
  digits: {
    authors: "E. Alpaydin and C. Kaynak",
    year: 1998,
    title: "Optical recognition of handwritten digits",
    where: "UCI Machine Learning Repository, CC BY 4.0",
    doi: "10.24432/C50P49",
  },
};

/** The names in a citation: family names, "and others" for more than three. */
export function citedNames({ authors }: Reference, words: Words): string {
  const family = authors.split(/, | and /).map((name) => name.replace(/^([A-Z]\. ?)+/, ""));
  return family.length > 3
    ? `${family[0]} ${words["references.others"]}`
    : family.join(", ").replace(/, ([^,]*)$/, ` ${words["references.and"]} $1`);
}
