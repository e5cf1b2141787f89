// Words of the list of the worst facts.

import { dictionary } from "../words";

export const worst = dictionary({
  en: {
    title: "Worst facts",
    lead: "What to read first: false figures, dates and names, the gravest of each system in turn.",
    output: "Output",
    source: "Source",
    more: (number: number) => `Show all ${number}`,
    fewer: "Show fewer",
  },
  zh: {
    title: "最严重的事实错误",
    lead: "建议最先查看：错误的数字、日期和名称，依次列出各系统最严重的几处。",
    output: "输出",
    source: "原文",
    more: (number: number) => `显示全部 ${number} 处`,
    fewer: "收起",
  },
});
