package dev.triptych.store;

import java.util.List;

/** What nodes of a cluster do, as Akka names it. */
public final class NodeRoles {

    /** Owns entities, carries the journal into the offline store, and runs pipelines at their cadences. */
    public static final String FEATURE = "feature";

    /** Trains, and keeps the registry of models. */
    public static final String TRAINING = "training";

    /** Predicts. */
    public static final String INFERENCE = "inference";

    /** Is where clients are sent; any node answers them. */
    public static final String GATEWAY = "gateway";

    public static final List<String> ALL = List.of(FEATURE, TRAINING, INFERENCE, GATEWAY);

    private NodeRoles() {}
}
