// Names of what is wrong with a fact, and of what a test found: shared by every area that shows them.

import { dictionary } from "../words";

export const factWords = dictionary({
  en: {
    kind_contradicted: "contradicted",
    kind_malformed: "malformed",
    kind_not_found: "not found",
    label_number: "number",
    label_magnitude: "magnitude",
    label_unit: "unit",
    label_currency: "currency",
    label_points: "percent or points",
    label_multiple: "multiple",
    label_approximator: "“about”, “over” or “under”",
    label_direction: "direction",
    label_name: "name",
    label_decade: "decade",
    label_year: "year",
    label_quarter: "quarter",
    label_month: "month",
    label_day: "day",
    label_weekday: "weekday",
    label_malformed: "wrong in itself",
    label_dropped_point: "dropped point",
    outcome_better: "better",
    outcome_worse: "worse",
    outcome_different: "different",
    outcome_unshown: "no difference shown",
    outcome_untested: "not tested",
  },
  zh: {
    kind_contradicted: "与原文矛盾",
    kind_malformed: "自身有误",
    kind_not_found: "原文未提及",
    label_number: "数值",
    label_magnitude: "数量级",
    label_unit: "单位",
    label_currency: "币种",
    label_points: "百分比与百分点",
    label_multiple: "倍数",
    label_approximator: "约数（“约”“逾”“近”等）",
    label_direction: "增减方向",
    label_name: "专名",
    label_decade: "年代",
    label_year: "年份",
    label_quarter: "季度",
    label_month: "月份",
    label_day: "日期",
    label_weekday: "星期",
    label_malformed: "自身有误",
    label_dropped_point: "漏掉的要点",
    outcome_better: "更好",
    outcome_worse: "更差",
    outcome_different: "有差异",
    outcome_unshown: "未见显著差异",
    outcome_untested: "未检验",
  },
});

export type FactWords = typeof factWords.en;

/** The name of a kind of evidence, as "contradicted"; one that is not known stands for itself. */
export function kindName(words: FactWords, kind: string): string {
  return named(words, `kind_${kind}`, kind);
}

/** The name of what is wrong, as "magnitude"; one that is not known stands for itself. */
export function labelName(words: FactWords, label: string): string {
  return named(words, `label_${label}`, label);
}

/** The name of what a test found, as "better". */
export function outcomeName(words: FactWords, outcome: string): string {
  return named(words, `outcome_${outcome}`, outcome);
}

// Evidence says "not found" and "dropped point" where keys cannot have a blank.
function named(words: FactWords, entry: string, otherwise: string): string {
  const key = entry.replaceAll(" ", "_");
  return Object.hasOwn(words, key) ? words[key as keyof FactWords] : otherwise;
}
