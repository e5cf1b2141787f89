// Words of the leaderboard, and what each score means.

import { dictionary, type Language } from "../words";

export const leaderboard = dictionary({
  en: {
    title: "Leaderboard",
    lead: (primary: string) =>
      `Ordered by ${primary}; press a column's name to sort by it. Upper bounds stand last, and are never the best.`,
    leadSeveral: (primary: string, languages: string) =>
      `Ordered by the mean of ${primary} over ${languages}; press a column's name to sort by it. ` +
      "Upper bounds stand last, and are never the best.",
    allScores: "All scores",
    caption: (language: string) => `Into ${language}`,
    region: (language: string) => `Leaderboard, into ${language}`,
    system: "System",
    place: "Place",
    placeReason: "not tested",
    failures: "Failures",
    cost: "Cost",
    latency: "Latency (median)",
    tokens: "Tokens per case",
    groupScores: (language: string) => `Scores, into ${language}`,
    groupRun: "The run, all languages",
    higher: "higher is better",
    lower: "lower is better",
    neither: "neither direction is better",
    best: "best",
    interval: "95 % interval",
    scoredOf: (scored: number, total: number) => `${scored} of ${total} cases`,
    noScore: "not computed in this run",
    noUsage: "no calls to a model are recorded",
    uncounted: "some calls have no token count",
    answers: (number: number) => `${number} ${number === 1 ? "answer" : "answers"}:`,
    noCost: "no price is known for this model",
    legend: (primary: string) =>
      "★ best of the systems · bar and [low, high]: value and 95 % bootstrap interval over articles · " +
      "n/n: cases scored, of all · " +
      `place: by ${primary}; a range, such as 1–2, where no significant difference separates systems.`,
    seconds: (number: string) => `${number} s`,
    meanings: "What the scores mean",
    notScored: "Not scored",
    flagged: "Flagged",
    flaws: "Answers without the shape that was asked for",
    outOf: (part: string, whole: string) => `${part} of ${whole}`,
    nothing: "This report has no score.",
  },
  zh: {
    title: "排行榜",
    lead: (primary: string) => `按 ${primary} 排序；点击列名可按该列排序。上界排在最后，不参与评优。`,
    leadSeveral: (primary: string, languages: string) =>
      `按 ${primary} 在${languages}上的均值排序；点击列名可按该列排序。上界排在最后，不参与评优。`,
    allScores: "全部指标",
    caption: (language: string) => `目标语言：${language}`,
    region: (language: string) => `排行榜，目标语言：${language}`,
    system: "系统",
    place: "名次",
    placeReason: "未检验",
    failures: "失败",
    cost: "费用",
    latency: "延迟（中位数）",
    tokens: "每样例 token 数",
    groupScores: (language: string) => `指标（${language}）`,
    groupRun: "运行情况（所有语言）",
    higher: "越高越好",
    lower: "越低越好",
    neither: "无优劣方向",
    best: "最佳",
    interval: "95% 置信区间",
    scoredOf: (scored: number, total: number) => `${total} 个样例中的 ${scored} 个`,
    noScore: "该运行没有计算此指标",
    noUsage: "没有模型调用记录",
    uncounted: "部分调用没有 token 计数",
    answers: (number: number) => `${number} 个回答：`,
    noCost: "该模型的价格未知",
    legend: (primary: string) =>
      "★ 系统中最佳 · 横条和 [下限, 上限]：数值及其按文章自助抽样的 95% 置信区间 · n/n：已评分样例数/样例总数 · " +
      `名次按 ${primary} 排定；名次为范围（如 1–2）时，表示系统之间没有显著差异。`,
    seconds: (number: string) => `${number} 秒`,
    meanings: "各项指标的含义",
    notScored: "未评分",
    flagged: "需注意",
    flaws: "不符合要求格式的回答",
    outOf: (part: string, whole: string) => `${part}/${whole}`,
    nothing: "这份报告没有任何得分。",
  },
});

const MEANINGS: Record<Language, Record<string, string>> = {
  en: {
    rouge1: "Words (characters in Chinese) shared with the reference (F1).",
    rouge2: "Pairs of neighbouring words shared with the reference (F1).",
    rougeL: "Longest common subsequence with the reference, text as a whole (F1).",
    rougeLsum: "Longest common subsequence with the reference, sentence by sentence (F1).",
    bleu: "Precision of word sequences up to four against the reference, with a penalty for short outputs (0 to 100).",
    chrf: "Character sequences shared with the reference, recall counting double (0 to 100).",
    chrfpp: "chrF with words and pairs of words (0 to 100).",
    ter:
      "Edits that turn the output into the reference, for each 100 of the reference's words (characters in " +
      "Chinese).",
    bertscore: "Similarity of the words' embeddings to those of the reference (F1).",
    embedding: "Cosine of the sentence embeddings of output and reference.",
    embedding_source: "Cosine of the sentence embeddings of output and source.",
    comet: "A learned quality estimate, trained on human judgements of translations.",
    fact_precision: "Share of checkable figures, dates and names of the output that the source supports.",
    fact_recall: "Share of the reference's checkable facts that the output states.",
    contradictions: "Facts that contradict the source, for each output.",
    malformed: "Figures or dates that cannot be, for each output.",
    keypoints: "Share of the reference's key points that the output covers.",
    judge_precision: "Share of statements that the judging model found supported.",
    nli: "How far the source entails the output, by a model of entailment.",
    agreement: "Share of facts that agree between the outputs in the two languages.",
    disagreements: "Facts that the output in the other language states otherwise, for each output.",
    judge_contradictions: "Statements that the judging model found contradicted by the source, for each output.",
    judge_misquoted: "Share of statements for which the judging model quotes words that the source has not.",
    length: "Length of the output: words, or characters in Chinese.",
    length_ratio: "Length of the output divided by that of the reference.",
    compression: "Length of the output divided by that of the source, where both are in one language.",
    copied: "Share of the output's word sequences that stand in the source.",
    coverage: "Share of the output's words that stand in fragments of the source.",
    density: "Mean length of the source fragments that the output's words stand in.",
    repetition: "Share of word sequences that the output repeats.",
    wrong_language: "Share of outputs that are not in the target language.",
    empty: "Share of outputs that are empty.",
  },
  zh: {
    rouge1: "与参考文本共有的词（中文为字）（F1）。",
    rouge2: "与参考文本共有的二元词组（F1）。",
    rougeL: "与参考文本的最长公共子序列，按全文计算（F1）。",
    rougeLsum: "与参考文本的最长公共子序列，逐句计算（F1）。",
    bleu: "一至四元词组相对参考文本的精确率，输出过短会受罚（0–100）。",
    chrf: "与参考文本共有的字符 n 元组，召回率权重更高（0–100）。",
    chrfpp: "加入一元、二元词组的 chrF（0–100）。",
    ter: "将输出改成参考文本所需的编辑次数，按参考文本每 100 词（中文为字）计。",
    bertscore: "与参考文本的词向量相似度（F1）。",
    embedding: "输出与参考文本句向量的余弦相似度。",
    embedding_source: "输出与原文句向量的余弦相似度。",
    comet: "基于人工译文评分训练的质量估计。",
    fact_precision: "输出中可核对的数字、日期和名称里，有原文支持的比例。",
    fact_recall: "参考文本中可核对的事实里，输出提到的比例。",
    contradictions: "平均每个输出中与原文矛盾的事实数。",
    malformed: "平均每个输出中不成立的数字或日期数。",
    keypoints: "参考文本的要点中，输出涵盖的比例。",
    judge_precision: "裁判模型认定有依据的陈述所占比例。",
    nli: "由蕴含模型判断的原文对输出的蕴含程度。",
    agreement: "两种语言的输出之间一致的事实所占比例。",
    disagreements: "平均每个输出中与另一语言的输出说法不一的事实数。",
    judge_contradictions: "平均每个输出中裁判模型认定与原文矛盾的陈述数。",
    judge_misquoted: "裁判模型引用了原文中没有的词句的陈述所占比例。",
    length: "输出长度：英文按词计，中文按字计。",
    length_ratio: "输出长度与参考文本长度之比。",
    compression: "输出长度与原文长度之比（仅限两者语言相同时）。",
    copied: "输出的词组中直接见于原文的比例。",
    coverage: "输出的词中属于原文片段的比例。",
    density: "输出各词所属原文片段的平均长度。",
    repetition: "输出中重复词组的比例。",
    wrong_language: "不是目标语言的输出所占比例。",
    empty: "空输出所占比例。",
  },
};

/** What a score means, in a sentence; null where only its metric's documentation knows. */
export function meaning(score: string, language: Language): string | null {
  return MEANINGS[language][score] ?? null;
}

const WARNINGS: Record<string, string> = {
  wrong_language: "不是目标语言",
  empty: "为空",
  bertscore_truncated: "被截断：文本超过模型的最大长度",
  judge_misquoted: "的裁判引文不见于原文",
  nli_truncated: "被截断：文本超过模型的最大长度",
};

/** A score's warning in the page's language; null where only the recorded English one is known. */
export function warningIn(score: string, language: Language): string | null {
  return language === "zh" ? (WARNINGS[score] ?? null) : null;
}
