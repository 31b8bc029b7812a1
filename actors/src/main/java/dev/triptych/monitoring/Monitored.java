package dev.triptych.monitoring;

import akka.actor.typed.ActorRef;
import java.time.Clock;

/** All that can be asked about what is watched. */
public record Monitored(
        Measurements measurements, Freshness freshness, ActorRef<Monitor.Command> monitor, Clock clock) {}
