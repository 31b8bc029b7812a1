package dev.triptych.runtime.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.triptych.runtime.StartFailure;

/** Holds the upper two floors apart: each driver in its own package, and the assembly above them all. */
@AnalyzeClasses(packages = "dev.triptych.runtime", importOptions = ImportOption.DoNotIncludeTests.class)
final class DriverRules {

    @ArchTest
    static final ArchRule the_contract_is_known_at_the_edge_and_in_the_client = noClasses()
            .that(resideOutsideOfPackages("dev.triptych.runtime.grpc..", "dev.triptych.runtime.cli.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.triptych.v1..", "dev.triptych.oip..")
            .because("the service contract is translated at the edge, once; HTTP carries whatever it says")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule grpc_is_spoken_where_calls_are_made = noClasses()
            .that(resideOutsideOfPackages(
                    "dev.triptych.runtime.grpc..",
                    "dev.triptych.runtime.cli..",
                    "dev.triptych.runtime.calls..",
                    "dev.triptych.runtime.http.api..",
                    // A key manager that can be given other keys comes with gRPC.
                    "dev.triptych.runtime.tls.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..")
            .because("how services are called is nobody else's business")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule akka_http_stays_in_its_package = noClasses()
            .that(resideOutsideOfPackages("dev.triptych.runtime.http.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("akka.http..")
            .because("what HTTP carries is decided where no transport is known")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_protocol_knows_no_transport = noClasses()
            .that(resideInAnyPackage("dev.triptych.runtime.openinference.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.triptych.runtime.grpc..",
                    "dev.triptych.runtime.http..",
                    "com.google.protobuf..",
                    "com.fasterxml..")
            .because("gRPC and REST must mean the same")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule duckdb_stays_in_its_package = noClasses()
            .that(resideOutsideOfPackages("dev.triptych.runtime.duckdb.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.duckdb..")
            .because("what reads and writes Parquet can be replaced without touching anything else")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule sql_is_spoken_where_a_database_is = noClasses()
            .that(resideOutsideOfPackages("dev.triptych.runtime.duckdb..", "dev.triptych.runtime.postgres.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..")
            .because("a statement must be found beside the schema it is written for")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule postgres_stays_in_its_package = noClasses()
            .that(resideOutsideOfPackages("dev.triptych.runtime.postgres.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.postgresql..", "org.flywaydb..", "io.zonky..")
            .because("where the journal is kept is decided in one place")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule tribuo_stays_in_its_package = noClasses()
            .that(resideOutsideOfPackages("dev.triptych.runtime.tribuo.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.tribuo..", "com.oracle.labs..", "ml.dmlc..")
            .because("a model is known to everything else by its signature and its predictions")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule picocli_stays_in_the_command_line = noClasses()
            .that(resideOutsideOfPackages("dev.triptych.runtime.cli.."))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..")
            .because("a node takes its settings from configuration, whoever starts it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule drivers_do_not_know_one_another = slices().matching(
                    "dev.triptych.runtime.(grpc|http|postgres|duckdb|tribuo|webhook|telemetry)..")
            .should()
            .notDependOnEachOther()
            .because("they meet in the ports of the actors")
            .allowEmptyShould(true);

    /** Except for {@link StartFailure}, with which any driver refuses to start. */
    @ArchTest
    static final ArchRule drivers_do_not_know_the_assembly = noClasses()
            .that(resideInAnyPackage(
                    "dev.triptych.runtime.grpc..",
                    "dev.triptych.runtime.http..",
                    "dev.triptych.runtime.openinference..",
                    "dev.triptych.runtime.postgres..",
                    "dev.triptych.runtime.duckdb..",
                    "dev.triptych.runtime.tribuo..",
                    "dev.triptych.runtime.webhook..",
                    "dev.triptych.runtime.tls..",
                    "dev.triptych.runtime.telemetry.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.triptych.runtime", "dev.triptych.runtime.cli..")
                    .and(JavaClass.Predicates.type(StartFailure.class).negate()))
            .because("what a driver needs is handed to it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule no_class_is_named_in_what_is_stored_or_sent = noClasses()
            .should()
            .beAnnotatedWith(DescribedPredicate.describe(
                    "@JsonTypeInfo of anything but names",
                    annotation -> annotation.getRawType().isEquivalentTo(JsonTypeInfo.class)
                            && annotation.as(JsonTypeInfo.class).use() != JsonTypeInfo.Id.NAME))
            .because("whoever can write to the journal, or send, could make any class that way");
}
