package dev.triptych.runtime.tls;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.Period;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that issues certificates and writes them, and their keys, as PEM files. */
public final class Authority {

    private static final GeneralName LOCALHOST = new GeneralName(GeneralName.dNSName, "localhost");
    private static final GeneralName LOOPBACK = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
    private static final GeneralName TRIPTYCH = new GeneralName(GeneralName.dNSName, "triptych");
    private static final Period ISSUED_FOR = Period.ofDays(10);

    /** @param certificate of a node, and then its authority's */
    public record Issued(Path certificate, Path key) {

        /** Puts these in the place of others, which a running node has read. */
        public void replace(Issued others) throws IOException {
            Files.copy(key, others.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(certificate, others.certificate(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private final Path folder;
    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;
    private final Path written;

    private Authority(Path folder, String name) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.name = new X500Name("CN=" + name);
        this.keys = rsa();
        JcaX509v3CertificateBuilder own = of(this.name, keys, Instant.now().minus(Period.ofDays(1)), Period.ofDays(30));
        own.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        this.certificate = signed(own);
        this.written = pem(name + ".crt", "CERTIFICATE", certificate.getEncoded());
    }

    public static Authority in(Path folder, String name) throws Exception {
        return new Authority(folder, name);
    }

    /** Its own certificate, which others trust. */
    public Path certificate() {
        return written;
    }

    /** A certificate of a node on this machine, valid for some days. */
    public Issued issue(String file) throws Exception {
        return issue(file, rsa(), Period.ofDays(-1), LOCALHOST, TRIPTYCH, LOOPBACK);
    }

    /** The same with a key of an elliptic curve. */
    public Issued issueElliptic(String file) throws Exception {
        KeyPairGenerator curve = KeyPairGenerator.getInstance("EC");
        curve.initialize(new ECGenParameterSpec("secp256r1"));
        return issue(file, curve.generateKeyPair(), Period.ofDays(-1), LOCALHOST);
    }

    /** One that expired five days ago. */
    public Issued issueExpired(String file) throws Exception {
        return issue(file, rsa(), Period.ofDays(-15), LOCALHOST, LOOPBACK);
    }

    /** One that will be valid in five days. */
    public Issued issueFuture(String file) throws Exception {
        return issue(file, rsa(), Period.ofDays(5), LOCALHOST);
    }

    /** A client's context, or a node's, that trusts what this authority issued and shows what it is given. */
    public SSLContext trusted(KeyManager... shown) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate);
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

    private Issued issue(String file, KeyPair subject, Period start, GeneralName... names) throws Exception {
        JcaX509v3CertificateBuilder issued =
                of(new X500Name("CN=triptych"), subject, Instant.now().plus(start), ISSUED_FOR);
        issued.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        return new Issued(
                pem(file + ".crt", "CERTIFICATE", signed(issued).getEncoded(), certificate.getEncoded()),
                pem(file + ".key", "PRIVATE KEY", subject.getPrivate().getEncoded()));
    }

    private JcaX509v3CertificateBuilder of(X500Name subject, KeyPair holder, Instant start, Period valid) {
        return new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(64, new SecureRandom()),
                Date.from(start),
                Date.from(start.plus(valid)),
                subject,
                holder.getPublic());
    }

    private X509Certificate signed(JcaX509v3CertificateBuilder builder) throws Exception {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        return rsa.generateKeyPair();
    }

    private Path pem(String file, String what, byte[]... contents) throws IOException {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return Files.write(
                folder.resolve(file),
                Stream.of(contents)
                        .map(bytes -> "-----BEGIN " + what + "-----\n" + lines.encodeToString(bytes) + "\n-----END "
                                + what + "-----")
                        .toList());
    }
}
