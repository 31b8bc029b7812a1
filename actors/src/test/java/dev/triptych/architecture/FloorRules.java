package dev.triptych.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Holds the lower two floors apart, the pure domains and the actors around them, and the pipelines from one another. */
@AnalyzeClasses(packages = "dev.triptych", importOptions = ImportOption.DoNotIncludeTests.class)
final class FloorRules {

    private static final Set<String> CLOCK_READS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now");

    @ArchTest
    static final ArchRule the_domain_is_plain_java = classes()
            .that()
            .resideInAnyPackage("..domain..", "dev.triptych.kernel..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..",
                    "org.jspecify.annotations..",
                    "com.fasterxml.jackson.annotation..",
                    "dev.triptych..domain..",
                    "dev.triptych.kernel.."))
            .because("decisions must replay without a cluster, a database or a clock")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_domain_does_no_io = noClasses()
            .that()
            .resideInAnyPackage("..domain..", "dev.triptych.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.net..", "java.nio.channels..", "java.sql..", "java.util.logging..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files")
            .because("what a decision needs is given to it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_domain_reads_no_clock_and_draws_no_lots = noClasses()
            .that()
            .resideInAnyPackage("..domain..", "dev.triptych.kernel..")
            .should()
            .accessTargetWhere(aClockIsReadOrALotIsDrawn())
            .because("the same events must give the same answers for ever; times, ids and seeds are arguments")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_pipelines_meet_only_in_the_store = slices().matching(
                    "dev.triptych.(feature|training|inference)..")
            .should()
            .notDependOnEachOther()
            .because("each pipeline can be read, changed and run without the two others")
            .allowEmptyShould(true);

    /**
     * What an earlier layer says may be used by every later one: store, definition, schedule, pipelines, audit,
     * monitoring.
     */
    @ArchTest
    static final ArchRule imports_go_down_only = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("monitoring")
            .definedBy("dev.triptych.monitoring..")
            .layer("audit")
            .definedBy("dev.triptych.audit..")
            .layer("pipelines")
            .definedBy("dev.triptych.feature..", "dev.triptych.training..", "dev.triptych.inference..")
            .layer("schedule")
            .definedBy("dev.triptych.schedule..")
            .layer("definition")
            .definedBy("dev.triptych.definition..")
            .layer("store")
            .definedBy("dev.triptych.store..")
            .layer("kernel")
            .definedBy("dev.triptych.kernel..")
            .whereLayer("monitoring")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("audit")
            .mayOnlyBeAccessedByLayers("monitoring")
            .whereLayer("pipelines")
            .mayOnlyBeAccessedByLayers("monitoring", "audit")
            .whereLayer("schedule")
            .mayOnlyBeAccessedByLayers("monitoring", "audit", "pipelines")
            .whereLayer("definition")
            .mayOnlyBeAccessedByLayers("monitoring", "audit", "pipelines", "schedule")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("monitoring", "audit", "pipelines", "schedule", "definition")
            .whereLayer("kernel")
            .mayOnlyBeAccessedByLayers("monitoring", "audit", "pipelines", "schedule", "definition", "store")
            .because("the store knows no pipeline, and nothing below knows who uses it")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule drivers_stay_in_the_runtime = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.triptych.runtime..",
                    "io.grpc..",
                    "java.sql..",
                    "javax.sql..",
                    "ml.dmlc..",
                    "org.duckdb..",
                    "org.postgresql..",
                    "org.tribuo..",
                    "picocli..")
            .because("actors name what they need as ports, and can be tested without any driver");

    @ArchTest
    static final ArchRule nothing_sleeps = noClasses()
            .should()
            .accessTargetWhere(calls("java.lang.Thread.sleep"))
            .because("an actor that waits for time uses a timer, and keeps no thread from the others");

    private static DescribedPredicate<JavaAccess<?>> aClockIsReadOrALotIsDrawn() {
        return DescribedPredicate.describe("a clock is read or a lot is drawn", access -> {
            var target = access.getTarget();
            return CLOCK_READS.contains(nameOf(target))
                    || nameOf(target).startsWith(Clock.class.getName() + ".system")
                    || nameOf(target).equals(UUID.class.getName() + ".randomUUID")
                    || nameOf(target).equals(Math.class.getName() + ".random")
                    || target.getOwner().isEquivalentTo(ThreadLocalRandom.class)
                    || isUnseeded(target);
        });
    }

    private static boolean isUnseeded(AccessTarget target) {
        return target instanceof AccessTarget.ConstructorCallTarget constructor
                && constructor.getOwner().isAssignableTo(Random.class)
                && constructor.getRawParameterTypes().isEmpty();
    }

    private static DescribedPredicate<JavaAccess<?>> calls(String method) {
        return DescribedPredicate.describe(
                method + " is called", access -> nameOf(access.getTarget()).equals(method));
    }

    private static String nameOf(AccessTarget target) {
        return target.getOwner().getName() + "." + target.getName();
    }
}
