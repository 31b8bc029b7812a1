package dev.triptych.kernel;

/** Marks a type that is written to the journal or sent between nodes, as CBOR. */
public interface CborSerializable {}
