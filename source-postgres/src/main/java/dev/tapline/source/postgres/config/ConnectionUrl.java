package dev.tapline.source.postgres.config;

import dev.tapline.spi.config.Nearest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `postgresql://user:password@host:port,host2/database?sslmode=require`, libpq's connection
/// URI, or its other form, `host=host port=port dbname=database`. No message repeats the URL, which
/// may hold a password.
final class ConnectionUrl {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<login>[^/?#]*)@)?(?<hosts>[^/?#@]*)(?:/(?<database>[^?#]*))?(?:\\?(?<query>[^#]*))?");
  private static final Pattern ESCAPED = Pattern.compile("([^%\\s]|%[0-9A-Fa-f]{2})*");

  private final ConnectionParameters parameters;
  private final List<String> path;

  private ConnectionUrl(ConnectionParameters parameters, List<String> path) {
    this.parameters = parameters;
    this.path = path;
  }

  /// @param path the descriptor's keys that hold the URL
  static void offer(String text, List<String> path, ConnectionParameters parameters) {
    new ConnectionUrl(parameters, path).read(text);
  }

  private void read(String text) {
    if (KeywordValueString.is(text)) {
      if (!KeywordValueString.read(text, this::parameter)) {
        problem(
            "the connection string is malformed; put values that hold spaces into single quotes, with a backslash before a quote or a backslash");
      }
      return;
    }
    int colon = text.indexOf("://");
    String scheme = colon < 0 ? "" : text.substring(0, colon);
    if (!scheme.equals("postgresql") && !scheme.equals("postgres")) {
      problem(
          "a url must begin with postgresql://"
              + (scheme.startsWith("jdbc:") ? "; leave out the 'jdbc:' in front" : ""));
      return;
    }
    Matcher matcher = FORM.matcher(text.substring(colon + "://".length()));
    if (!matcher.matches() || !ESCAPED.matcher(text).matches()) {
      problem(
          "the url is malformed; percent-encode special characters such as @ / ? # % and spaces, in"
              + " the password too");
      return;
    }
    if (matcher.group("login") != null) {
      String[] login = matcher.group("login").split(":", 2);
      offer("user", login[0]);
      if (login.length > 1) {
        offer("password", login[1]);
      }
    }
    hosts(matcher.group("hosts"));
    if (matcher.group("database") != null) {
      offer("dbname", matcher.group("database"));
    }
    if (matcher.group("query") != null) {
      parameters(matcher.group("query"));
    }
  }

  // host1:1,[::1]:2,host3 becomes host=host1,::1,host3 port=1,2,
  private void hosts(String text) {
    if (text.isEmpty()) {
      return;
    }
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int colon = part.lastIndexOf(':');
      boolean withPort = colon >= 0 && colon > part.lastIndexOf(']');
      String host = withPort ? part.substring(0, colon) : part;
      hosts.add(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
      ports.add(withPort ? part.substring(colon + 1) : "");
    }
    if (hosts.stream().anyMatch(host -> !host.isEmpty())) {
      offer("host", String.join(",", hosts));
    }
    if (ports.stream().anyMatch(port -> !port.isEmpty())) {
      offer("port", String.join(",", ports));
    }
  }

  private void parameters(String query) {
    for (String parameter : query.split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      parameter(decode(pair[0]), decode(pair.length > 1 ? pair[1] : ""));
    }
  }

  private void parameter(String name, String text) {
    if (ConnectionParameters.VARIABLES.containsKey(name)) {
      // What is in front of the question mark may be said behind it; libpq lets the latter win.
      parameters.replace(name, value(name, text));
    } else {
      problem(
          "the url's parameter '%s' is unknown%s"
              .formatted(name, Nearest.hint(name, ConnectionParameters.VARIABLES.keySet())));
    }
  }

  private void offer(String name, String text) {
    if (!text.isEmpty()) {
      parameters.offer(name, value(name, decode(text)));
    }
  }

  private ConnectionParameters.Value value(String name, String text) {
    return new ConnectionParameters.Value(text, "the url's " + name, path);
  }

  private void problem(String message) {
    parameters.problem(path, message);
  }

  // URLDecoder reads '+' as a space, which a URI does not.
  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
