// What the package exports is described where it is declared, down to the fields: editors show that text, and
// nothing else tells people of shapes, units and errors.
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ENTRY = fileURLToPath(new URL("../src/engine/index.ts", import.meta.url));

const program = ts.createProgram([ENTRY], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
});
const checker = program.getTypeChecker();

const described = (symbol: ts.Symbol) => symbol.getDocumentationComment(checker).length > 0;
const isInternal = (symbol: ts.Symbol) =>
  symbol.getJsDocTags(checker).some(({ name }) => name === "internal");

/** The fields and methods that a declaration writes down, however deep in unions and nested objects. */
function fields(declaration: ts.Declaration): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    const isMember =
      ts.isPropertySignature(node) ||
      ts.isMethodSignature(node) ||
      ts.isPropertyDeclaration(node) ||
      ts.isMethodDeclaration(node);
    if (isMember) {
      // Which of several forms an object has is told where the forms are.
      const hidden =
        ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
      const symbol = checker.getSymbolAtLocation(node.name)!;
      if (hidden || isInternal(symbol)) return;
      if (symbol.name !== "kind") found.push(symbol);
    }
    if (!ts.isBlock(node)) ts.forEachChild(node, visit);
  };
  const isType =
    ts.isInterfaceDeclaration(declaration) ||
    ts.isTypeAliasDeclaration(declaration) ||
    ts.isClassDeclaration(declaration);
  if (isType) visit(declaration);
  return found;
}

function undescribed(): string[] {
  const file = program.getSourceFile(ENTRY)!;
  return checker.getExportsOfModule(checker.getSymbolAtLocation(file)!).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (isInternal(symbol)) return [];
    const members = (symbol.declarations ?? []).flatMap(fields).filter((member) => !described(member));
    const names = members.map(({ name }) => `${symbol.name}.${name}`);
    return described(symbol) ? names : [symbol.name, ...names];
  });
}

describe("the public API", () => {
  it("is described, every export and every field of it", { timeout: 60_000 }, () => {
    expect(undescribed()).toEqual([]);
  });
});
