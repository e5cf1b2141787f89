import { dictionary } from "../words";

/** Words around texts from the data. */
export const textWords = dictionary({
  en: {
    control: (name: string) => `Control character ${name}`,
    bidi: (name: string) => `Invisible character ${name}: it would change the direction of the text`,
    zero_width: (name: string) => `Invisible character ${name}: it has no width`,
    surrogate: (name: string) => `Half of a character (${name}): the text is damaged here`,
    showAll: (characters: string) => `Show all (${characters} characters)`,
  },
  zh: {
    control: (name: string) => `控制字符 ${name}`,
    bidi: (name: string) => `不可见字符 ${name}：会改变文字的显示方向`,
    zero_width: (name: string) => `不可见字符 ${name}：零宽字符`,
    surrogate: (name: string) => `不完整的字符（${name}）：此处文本已损坏`,
    showAll: (characters: string) => `显示全部（${characters} 个字符）`,
  },
});
