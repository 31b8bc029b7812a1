package dev.triptych.runtime.postgres;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.coordination.lease.LeaseSettings;
import akka.coordination.lease.javadsl.Lease;
import dev.triptych.store.Tenure;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** One of the {@link Leases}, as Akka asks for it. */
public final class PostgresLease extends Lease {

    private final LeaseSettings settings;
    private final Leases leases;
    private final Tenure tenure;
    private volatile boolean held;

    /** Called by Akka, which finds the class by {@code lease-class}. */
    public PostgresLease(LeaseSettings settings, ExtendedActorSystem system) {
        this.settings = settings;
        this.leases = Leases.get(Adapter.toTyped(system));
        this.tenure = Tenure.get(Adapter.toTyped(system));
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return leases.acquire(settings.leaseName()).thenApply(taken -> {
            held = taken;
            return taken;
        });
    }

    /** A node that loses one has lost them all, and ends: nobody need be told of each. */
    @Override
    public CompletionStage<Boolean> acquire(Consumer<Optional<Throwable>> lost) {
        return acquire();
    }

    @Override
    public CompletionStage<Boolean> release() {
        held = false;
        return leases.release(settings.leaseName());
    }

    @Override
    public boolean checkLease() {
        return held && tenure.holds();
    }
}
