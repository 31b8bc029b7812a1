package dev.triptych.runtime.postgres;

import akka.cluster.ConfigValidation;
import akka.cluster.JoinConfigCompatChecker;
import com.typesafe.config.Config;
import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Keeps nodes of different databases apart: two halves of a cluster with a journal each would be none. */
public final class SameDatabase extends JoinConfigCompatChecker {

    /** Where a node's configuration has the id of the cluster that its database belongs to. */
    public static final String CLUSTER_ID = "triptych.cluster.id";

    /** Called by Akka, which finds the class by its name. */
    public SameDatabase() {}

    @Override
    public Seq<String> requiredKeys() {
        return CollectionConverters.asScala(List.of(CLUSTER_ID)).toList();
    }

    @Override
    public ConfigValidation check(Config toCheck, Config actual) {
        return JoinConfigCompatChecker.fullMatch(requiredKeys(), toCheck, actual);
    }
}
