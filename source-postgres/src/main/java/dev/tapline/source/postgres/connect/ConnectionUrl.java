package dev.tapline.source.postgres.connect;

import dev.tapline.spi.config.Nearest;
import dev.tapline.spi.config.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads `postgresql://user:password@host:port/database?sslmode=require`, libpq's connection URI
/// with one host. No message repeats the URL, which may hold a password.
final class ConnectionUrl {
  private static final List<String> PARAMETERS =
      List.of("sslmode", "sslrootcert", "user", "password", "host", "port", "dbname");
  private static final int DEFAULT_PORT = 5432;

  private ConnectionUrl() {}

  static Settings.Endpoint parse(String text, Consumer<String> problems) {
    Map<String, String> parts = new LinkedHashMap<>();
    try {
      split(new URI(text), parts, problems);
    } catch (URISyntaxException e) {
      problems.accept(
          "the url is malformed at character %d (%s); percent-encode special characters, in the password too"
              .formatted(e.getIndex() + 1, e.getReason()));
    }
    String user = parts.getOrDefault("user", Settings.systemUser());
    return new Settings.Endpoint(
        parts.getOrDefault("host", "localhost"),
        port(parts.getOrDefault("port", Integer.toString(DEFAULT_PORT)), problems),
        parts.getOrDefault("dbname", user),
        user,
        Optional.ofNullable(parts.get("password")).map(Secret::new),
        sslMode(parts.getOrDefault("sslmode", SslMode.PREFER.word()), problems),
        Optional.ofNullable(parts.get("sslrootcert")).map(Path::of));
  }

  private static void split(URI uri, Map<String, String> parts, Consumer<String> problems) {
    if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
      problems.accept(
          "a url must begin with postgresql://"
              + ("jdbc".equals(uri.getScheme()) ? "; leave out the 'jdbc:' in front" : ""));
      return;
    }
    String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      String[] login = authority.substring(0, at).split(":", 2);
      parts.put("user", decode(login[0]));
      if (login.length > 1) {
        parts.put("password", decode(login[1]));
      }
    }
    host(authority.substring(at + 1), parts, problems);
    String path = Optional.ofNullable(uri.getRawPath()).orElse("");
    if (path.length() > 1) {
      parts.put("dbname", decode(path.substring(1)));
    }
    Optional.ofNullable(uri.getRawQuery()).ifPresent(query -> parameters(query, parts, problems));
  }

  private static void host(String text, Map<String, String> parts, Consumer<String> problems) {
    if (text.contains(",")) {
      problems.accept("the url names several hosts; only one is supported");
      return;
    }
    int colon = text.lastIndexOf(':');
    boolean withPort = colon >= 0 && colon > text.lastIndexOf(']');
    String host = withPort ? text.substring(0, colon) : text;
    if (!host.isEmpty()) {
      parts.put("host", decode(host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
    }
    if (withPort) {
      parts.put("port", text.substring(colon + 1));
    }
  }

  private static void parameters(
      String query, Map<String, String> parts, Consumer<String> problems) {
    for (String parameter : query.split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      String name = decode(pair[0]);
      if (!PARAMETERS.contains(name)) {
        problems.accept(
            "the url's parameter '%s' is unknown%s"
                .formatted(name, Nearest.hint(name, PARAMETERS)));
      } else {
        parts.put(name, pair.length > 1 ? decode(pair[1]) : "");
      }
    }
  }

  private static int port(String text, Consumer<String> problems) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number that is no port.
    }
    problems.accept("the url's port '" + text + "' is not a number from 1 to 65535");
    return DEFAULT_PORT;
  }

  private static SslMode sslMode(String word, Consumer<String> problems) {
    for (SslMode mode : SslMode.values()) {
      if (mode.word().equals(word.toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    List<String> words = new ArrayList<>();
    Arrays.stream(SslMode.values()).map(SslMode::word).forEach(words::add);
    problems.accept(
        "the url's sslmode '%s' is none of %s%s"
            .formatted(word, String.join(", ", words), Nearest.hint(word, words)));
    return SslMode.PREFER;
  }

  // URLDecoder reads '+' as a space, which a URI does not.
  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
