package dev.triptych.runtime.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.typesafe.config.ConfigFactory;
import dev.triptych.store.features.domain.FeatureEvent;
import java.io.ByteArrayOutputStream;
import java.io.ObjectOutputStream;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes of the journal, or of another node, make no object but those that are meant to be stored or sent. */
class ClosedDeserializationTest {

    private static ActorTestKit actors;
    private static Serialization serialization;

    /** Written to when a class that nobody meant to be sent is made. */
    public static final class Gadget {
        static boolean made;

        public Gadget() {
            made = true;
        }
    }

    @BeforeAll
    static void start() {
        actors = ActorTestKit.create(ConfigFactory.load(ConfigFactory.parseResources("serialization.conf")));
        serialization = SerializationExtension.get(actors.system());
    }

    @AfterAll
    static void stop() {
        actors.shutdownTestKit();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.triptych.runtime.serialization.ClosedDeserializationTest$Gadget",
                "java.util.ArrayList",
                "java.net.URL",
                "javax.script.ScriptEngineManager",
                "com.zaxxer.hikari.HikariConfig",
                "org.postgresql.ds.PGSimpleDataSource"
            })
    void makesNoOtherClassThanOurs(String name) throws Exception {
        int jackson = serialization.serializerFor(FeatureEvent.class).identifier();
        byte[] bytes = new ObjectMapper(new CBORFactory()).writeValueAsBytes(Map.of());

        assertThatThrownBy(() -> serialization.deserialize(bytes, jackson, name).get())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
        assertThat(Gadget.made).isFalse();
    }

    @Test
    void readsNoJavaSerialization() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Date());
        }
        int java = 1;
        Serializer disabled = serialization.serializerByIdentity().apply(java);
        assertThat(disabled.getClass().getSimpleName()).isEqualTo("DisabledJavaSerializer");

        assertThatThrownBy(() ->
                        serialization.deserialize(bytes.toByteArray(), java, "").get())
                .hasMessageContaining("Java serialization");
    }
}
