/** A value of a setting, as YAML and Kafka's properties hold it. */
export type Scalar = string | number | boolean;
