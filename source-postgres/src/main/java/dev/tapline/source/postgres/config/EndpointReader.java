package dev.tapline.source.postgres.config;

import dev.tapline.source.postgres.connection.Address;
import dev.tapline.source.postgres.connection.Endpoint;
import dev.tapline.source.postgres.connection.Environment;
import dev.tapline.source.postgres.connection.PasswordFile;
import dev.tapline.source.postgres.connection.TargetSession;
import dev.tapline.source.postgres.connection.tls.ChannelBinding;
import dev.tapline.source.postgres.connection.tls.SslMode;
import dev.tapline.source.postgres.connection.tls.TlsConfig;
import dev.tapline.spi.config.Nearest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Builds an [Endpoint] from connection parameters, with the defaults of libpq.
final class EndpointReader {
  private static final int DEFAULT_PORT = 5432;
  private static final Pattern HOST_AND_PORT = Pattern.compile("([^:/]+):(\\d+)");
  private static final String SYSTEM = "system";

  private final ConnectionParameters parameters;
  private final Environment environment;

  EndpointReader(ConnectionParameters parameters, Environment environment) {
    this.parameters = parameters;
    this.environment = environment;
  }

  Endpoint read() {
    String user = parameters.text("user").orElseGet(EndpointReader::systemUser);
    Optional<ConnectionParameters.Value> password = parameters.find("password");
    Endpoint.Passwords passwords =
        new Endpoint.Passwords(
            password.map(ConnectionParameters.Value::asSecret),
            password
                .map(ConnectionParameters.Value::origin)
                .map(origin -> origin.startsWith("'") ? "source.password" : origin)
                .orElse("source.password"),
            PasswordFile.read(parameters.text("passfile"), environment));
    return new Endpoint(
        addresses(),
        choice("target_session_attrs", TargetSession.values(), TargetSession::word)
            .orElse(TargetSession.ANY),
        parameters.text("dbname").orElse(user),
        user,
        passwords,
        tls(),
        parameters.text("options").orElse(""));
  }

  private List<Address> addresses() {
    ConnectionParameters.Value host =
        parameters
            .find("host")
            .or(() -> parameters.find("hostaddr"))
            .orElse(new ConnectionParameters.Value("localhost", "the default", List.of()));
    parameters
        .find("hostaddr")
        .filter(address -> parameters.find("host").isPresent())
        .ifPresent(address ->
            parameters.problem(
                address,
                "%s beside a host is not supported; leave it out".formatted(address.origin())));
    String[] hosts = host.text().split(",", -1);
    Optional<ConnectionParameters.Value> port = parameters.find("port");
    String[] ports = port.map(value -> value.text().split(",", -1)).orElse(new String[] {""});
    if (ports.length > 1 && ports.length != hosts.length) {
      parameters.problem(
          port.orElseThrow(),
          "%s names %d ports for %d hosts; give one for all, or one for each"
              .formatted(port.get().origin(), ports.length, hosts.length));
    }
    List<Address> addresses = new ArrayList<>();
    for (int i = 0; i < hosts.length; i++) {
      String name = hosts[i].isEmpty() ? "localhost" : hosts[i].strip();
      inspect(host, name);
      String text = ports.length == 1 ? ports[0] : i < ports.length ? ports[i] : "";
      addresses.add(new Address(name, port.map(value -> port(value, text)).orElse(DEFAULT_PORT)));
    }
    return addresses;
  }

  private void inspect(ConnectionParameters.Value value, String host) {
    Matcher matcher = HOST_AND_PORT.matcher(host);
    if (matcher.matches()) {
      parameters.problem(
          value,
          "host '%s' holds a port; write host: %s and port: %s"
              .formatted(host, matcher.group(1), matcher.group(2)));
    } else if (host.contains("://")) {
      parameters.problem(value, "host '" + host + "' is a URL; write it as url: instead");
    }
  }

  private int port(ConnectionParameters.Value value, String text) {
    if (text.isEmpty()) {
      return DEFAULT_PORT;
    }
    try {
      int port = Integer.parseInt(text.strip());
      if (port > 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is no port.
    }
    parameters.problem(
        value, "%s '%s' is not a number from 1 to 65535".formatted(value.origin(), text));
    return DEFAULT_PORT;
  }

  private TlsConfig tls() {
    boolean system = parameters.text("sslrootcert").filter(this::isSystem).isPresent();
    SslMode mode =
        choice("sslmode", SslMode.values(), SslMode::word)
            .orElse(system ? SslMode.VERIFY_FULL : SslMode.PREFER);
    if (system && mode != SslMode.VERIFY_FULL) {
      parameters
          .find("sslmode")
          .ifPresent(value ->
              parameters.problem(
                  value,
                  "sslrootcert system trusts so many authorities that it needs sslmode verify-full"));
    }
    Optional<Path> authorities = system ? Optional.empty() : file("sslrootcert", "root.crt");
    if (authorities.isEmpty()
        && !system
        && (mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL)) {
      parameters.problem(
          parameters.find("sslmode").map(ConnectionParameters.Value::path).orElse(List.of()),
          "sslmode %s needs the certificates to verify by; set sslrootcert to their file, or to 'system' for those of the Java platform"
              .formatted(mode.word()));
    }
    parameters
        .find("sslcrl")
        .ifPresent(value ->
            parameters.problem(
                value, value.origin() + ": revocation lists are not supported; leave it out"));
    parameters
        .find("gssencmode")
        .filter(value -> value.text().equals("require"))
        .ifPresent(value ->
            parameters.problem(
                value,
                value.origin() + ": encryption by GSSAPI is not supported; use sslmode instead"));
    Optional<Path> certificate = file("sslcert", "postgresql.crt");
    Optional<Path> key = file("sslkey", "postgresql.key");
    requireBoth(certificate, key);
    return new TlsConfig(
        mode,
        authorities,
        system,
        certificate,
        key,
        parameters.find("sslpassword").map(ConnectionParameters.Value::asSecret),
        choice("channel_binding", ChannelBinding.values(), ChannelBinding::word)
            .orElse(ChannelBinding.PREFER),
        parameters.text("sslsni").map(text -> !text.equals("0")).orElse(true));
  }

  private boolean isSystem(String text) {
    Path path = Path.of(text);
    return text.equals(SYSTEM) || (path.endsWith(SYSTEM) && !Files.exists(path));
  }

  private void requireBoth(Optional<Path> certificate, Optional<Path> key) {
    if (certificate.isPresent() && key.isEmpty()) {
      parameters
          .find("sslcert")
          .ifPresent(
              value -> parameters.problem(value, value.origin() + " needs sslkey beside it"));
    }
    if (key.isPresent() && certificate.isEmpty()) {
      parameters
          .find("sslkey")
          .ifPresent(
              value -> parameters.problem(value, value.origin() + " needs sslcert beside it"));
    }
  }

  /// A named file, which must be there, or the one that libpq looks for by itself.
  private Optional<Path> file(String name, String usual) {
    Optional<ConnectionParameters.Value> named = parameters.find(name);
    if (named.isPresent()) {
      String text = named.get().text();
      Path file =
          text.startsWith("~/")
              ? environment.home().resolve(text.substring(2))
              : Path.of(text).toAbsolutePath();
      if (!Files.isReadable(file)) {
        parameters.problem(
            named.get(),
            "%s: there is no file %s that can be read".formatted(named.get().origin(), file));
      }
      return Optional.of(file);
    }
    return Optional.of(environment.home().resolve(".postgresql").resolve(usual))
        .filter(Files::isReadable);
  }

  private <E> Optional<E> choice(String name, E[] constants, Function<E, String> word) {
    Optional<ConnectionParameters.Value> value = parameters.find(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String text = value.get().text().toLowerCase(Locale.ROOT);
    List<String> words = Arrays.stream(constants).map(word).toList();
    if (words.contains(text)) {
      return Optional.of(constants[words.indexOf(text)]);
    }
    parameters.problem(
        value.get(),
        "%s '%s' is none of %s%s"
            .formatted(
                value.get().origin(), text, String.join(", ", words), Nearest.hint(text, words)));
    return Optional.empty();
  }

  private static String systemUser() {
    return System.getProperty("user.name", "postgres");
  }
}
