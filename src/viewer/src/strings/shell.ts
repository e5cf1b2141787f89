// Words of the frame, and of the small parts that all places share.

import { dictionary, type Language } from "../words";

export const shell = dictionary({
  en: {
    skip: "Skip to the content",
    navigation: "Parts of the report",
    language: "Language of the page",
    theme: "Colours",
    light: "Light",
    dark: "Dark",
    overview: "Overview",
    compare: "Compare",
    articles: "Articles",
    article: "Article",
    method: "Method",
    report: "Evaluation report",
    history: "All runs",
    madeBy: "Made by",
    licences: "Licences of the libraries in this file",
    madeWith: "with",
    failed: "This part of the report cannot be shown",
    failedHelp: "The other parts are not affected. The fault, as the program tells it:",
    fileBroken: "This report cannot be opened",
    fileBrokenHelp: "The file is damaged, or the browser is too old (it must know DecompressionStream). The fault:",
  },
  zh: {
    skip: "跳到正文",
    navigation: "报告各部分",
    language: "页面语言",
    theme: "配色",
    light: "浅色",
    dark: "深色",
    overview: "总览",
    compare: "对比",
    articles: "文章",
    article: "文章",
    method: "方法",
    report: "评测报告",
    history: "全部运行",
    madeBy: "生成工具：",
    licences: "本文件所含开源库的许可证",
    madeWith: "生成命令：",
    failed: "报告的这一部分无法显示",
    failedHelp: "其余部分不受影响。程序给出的错误信息：",
    fileBroken: "无法打开这份报告",
    fileBrokenHelp: "文件已损坏，或浏览器版本过旧（需支持 DecompressionStream）。错误信息：",
  },
});

export const parts = dictionary({
  en: {
    copy: "Copy",
    copied: "Copied.",
    selected: "Selected: press Ctrl+C or ⌘C.",
    upper: "upper bound",
    floor: "floor",
    incomplete: "incomplete",
    allSystems: "all systems",
    listEnd: (last: string) => ` and ${last}`,
    listComma: ", ",
  },
  zh: {
    copy: "复制",
    copied: "已复制。",
    selected: "已选中，请按 Ctrl+C 或 ⌘C 复制。",
    upper: "上界",
    floor: "下界",
    incomplete: "未完成",
    allSystems: "所有系统",
    listEnd: (last: string) => `和${/^\w/.test(last) ? " " : ""}${last}`,
    listComma: "、",
  },
});

const LANGUAGES: Record<Language, Record<string, string>> = {
  en: { en: "English", zh: "Chinese" },
  zh: { en: "英文", zh: "中文" },
};

/** What a target language is called in the page's language; its code where it has no name here. */
export function languageName(code: string, language: Language): string {
  return LANGUAGES[language][code] ?? code;
}

/** Names in a row, as people list them: "a, b and c". */
export function list(names: string[], language: Language): string {
  const { listComma, listEnd } = parts[language];
  if (names.length < 2) return names.join("");
  return names.slice(0, -1).join(listComma) + listEnd(names[names.length - 1] ?? "");
}
