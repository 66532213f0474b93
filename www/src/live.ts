// What is said to those who do not see the page.

export function say(sentence: string): void {
  document.querySelector("#live")!.textContent = sentence;
}
