package dev.triptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.typesafe.config.ConfigFactory;
import dev.triptych.inference.InferenceActor;
import dev.triptych.store.features.domain.FeatureState;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever may be sent to another node arrives there as it was sent. */
class MessagesTest {

    private static final int DRAWN = 3;

    private static final ActorTestKit KIT = ActorTestKit.create(
            "MessagesTest",
            ConfigFactory.parseResources("serialization.conf")
                    .withFallback(ConfigFactory.load())
                    .resolve());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /** Public ones: what an actor tells itself is private. */
    static List<Class<?>> messages() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.triptych").stream()
                        .filter(type -> type.isAssignableTo(CborSerializable.class))
                        .filter(type -> !type.isAssignableTo(InferenceActor.Local.class))
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(Class::isRecord)
                        // Stored, and sent to nobody.
                        .filter(type -> type != FeatureState.class)
                        .sorted((a, b) -> a.getName().compareTo(b.getName()))
                        .toList();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void arrivesAsItWasSent(Class<?> type) {
        long seed = System.nanoTime();
        ActorRef<Object> actor = KIT.spawn(Behaviors.empty());
        var values = new AnyValue(new Random(seed), actor);
        Serialization serialization = SerializationExtension.get(KIT.system());
        Stream.generate(() -> values.record(type)).limit(DRAWN).forEach(sent -> {
            var serializer = serialization.findSerializerFor(sent);
            byte[] wire = serialization.serialize(sent).get();
            Object received = serialization
                    .deserialize(wire, serializer.identifier(), Serializers.manifestFor(serializer, sent))
                    .get();
            assertThat(received).as("seed " + seed).isEqualTo(sent);
        });
    }
}
