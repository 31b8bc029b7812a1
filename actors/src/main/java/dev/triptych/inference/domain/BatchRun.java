package dev.triptych.inference.domain;

/** One run of a batch inference pipeline, as its results name it. */
public record BatchRun(String runId, String system, String pipeline) {}
