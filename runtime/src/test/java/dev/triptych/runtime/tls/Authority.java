package dev.triptych.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority that issues certificates as the JDK's {@code keytool} makes them, and writes them as PEM files. */
public final class Authority {

    private static final String PASSWORD = "changeit";

    /** @param name of the files, {@code name.crt} and {@code name.key} */
    public record Issued(Path certificate, Path key) {

        /** Puts these in the place of others, which a running node has read. */
        public void replace(Issued others) throws IOException {
            Files.copy(key, others.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(certificate, others.certificate(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private final Path folder;
    private final String name;
    private final Path store;

    private Authority(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        this.store = folder.resolve(name + ".p12");
    }

    public static Authority in(Path folder, String name) throws Exception {
        var authority = new Authority(Files.createDirectories(folder), name);
        authority.keytool(
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "bc:critical=ca:true",
                "-validity",
                "30",
                "-keyalg",
                "RSA");
        authority.write(name);
        return authority;
    }

    /** Its own certificate, which others trust. */
    public Path certificate() {
        return folder.resolve(name + ".crt");
    }

    /** A certificate of a node on this machine, valid for some days. */
    public Issued issue(String file) throws Exception {
        return issue(file, "RSA", "-1d", "dns:localhost,dns:triptych,ip:127.0.0.1");
    }

    /**
     * @param start as keytool's {@code -startdate}; it is valid for ten days from then
     * @param names as keytool's {@code -ext san}
     */
    public Issued issue(String file, String algorithm, String start, String names) throws Exception {
        keytool(
                "-alias",
                file,
                "-dname",
                "CN=triptych",
                "-ext",
                "san=" + names,
                "-startdate",
                start,
                "-validity",
                "10",
                "-keyalg",
                algorithm,
                "-signer",
                name);
        return write(file);
    }

    /** One that expired five days ago. */
    public Issued issueExpired(String file) throws Exception {
        return issue(file, "RSA", "-15d", "dns:localhost,ip:127.0.0.1");
    }

    /** A client's context, or a node's, that trusts what this authority issued and shows what it is given. */
    public SSLContext trusted(KeyManager... shown) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate(certificate()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown, trust.getTrustManagers(), null);
        return context;
    }

    /** The first certificate of a file. */
    static X509Certificate certificate(Path file) throws Exception {
        try (InputStream pem = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    private void keytool(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(arguments));
        if (command.contains("RSA")) {
            // The tool's own choice takes seconds to draw.
            command.addAll(List.of("-keysize", "2048"));
        }
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }

    private Issued write(String alias) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stored = Files.newInputStream(store)) {
            keys.load(stored, PASSWORD.toCharArray());
        }
        var certificates = new StringBuilder();
        for (Certificate certificate : keys.getCertificateChain(alias)) {
            certificates.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        Path key = folder.resolve(alias + ".key");
        Files.writeString(
                key,
                pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
        return new Issued(Files.writeString(folder.resolve(alias + ".crt"), certificates), key);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }
}
