/** Charts of a report. */
export { CorrelationMap } from "./charts/CorrelationMap";
export { HeatMap } from "./charts/HeatMap";
export { QualityCost } from "./charts/QualityCost";
