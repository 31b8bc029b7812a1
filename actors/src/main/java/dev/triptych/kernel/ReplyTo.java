package dev.triptych.kernel;

/** Where one answer goes: to an actor, {@code ref::tell}, or to whatever waits for it on this node. */
@FunctionalInterface
public interface ReplyTo<T> {

    void tell(T reply);
}
