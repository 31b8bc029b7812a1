package dev.triptych.schedule.domain;

import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.kernel.CborSerializable;

/** Names one pipeline of one system: {@code titanic/feature/passengers}. */
public record PipelineId(String system, PipelineKind kind, String name) implements CborSerializable {

    public String path() {
        return system + "/" + kind.label() + "/" + name;
    }
}
