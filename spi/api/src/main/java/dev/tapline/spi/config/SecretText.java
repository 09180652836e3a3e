package dev.tapline.spi.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds secrets in URLs and connection strings of any database, and shows these without them. What
/// is not understood is not shown: of such a URL, scheme and host alone.
public final class SecretText {
  private static final String MASK = "***";

  /// The names that drivers give to what must not be seen: `password`, `pwd`, `sslpassword`,
  /// `trustStorePassword`, `token`, `secretAccessKey` and so on.
  private static final String NAME =
      "[\\w.-]*(?:password|passwd|passphrase|pwd|secret|token|credential|(?:access|account|api|private|shared)[_-]?key|signature)[\\w.-]*|pass|pw|sig";

  private static final String QUOTED = "'(?:[^'\\\\]|\\\\.)*'|\\{(?:[^}]|}})*}|";
  // A value ends where the next one begins, which is as the parameters began.
  private static final String AFTER_QUESTION_MARK = QUOTED + "[^&\\s]*";
  private static final String AFTER_SEMICOLON = QUOTED + "[^;]*";
  private static final String OF_KEYWORD = QUOTED + "(?:[^\\s\\\\]|\\\\.)*";

  private static final Pattern NOT_SECRET = Pattern.compile("(?i)true|false|\\d{1,3}|utf-?8|");
  private static final Pattern URL =
      Pattern.compile(
          "(?i)(jdbc:[a-z0-9]+:(?:thin:|oci8?:|[a-z]+:(?=//))?|[a-z][a-z0-9+.-]*:)(.*)",
          Pattern.DOTALL);

  private static final Pattern UNDERSTOOD =
      Pattern.compile(
          "//(?:[^/@?;#\\s]*@)?(?:HOST(?:,HOST)*)?(?:/[^@?;#\\s]*)?(?:[?;][^#]*)?"
              .replace("HOST", "(?:[^/@?;#\\s:,\\[\\]]+|\\[[0-9A-Fa-f:.]*])(?::\\d*)?"),
          Pattern.DOTALL);

  // Their databases are files: there is no login in front of an address.
  private static final Pattern LOCAL =
      Pattern.compile("(?i)jdbc:(?:sqlite|duckdb|h2|hsqldb|derby):(?!tcp:|ssl:).*", Pattern.DOTALL);

  private static final Pattern HOST = Pattern.compile("@(?:/{0,2})([A-Za-z0-9._-]+)");

  private SecretText() {}

  /// Every secret in a text: as it stands, without quotes, and decoded. Empty for a text that is no
  /// URL and no connection string.
  public static List<String> secrets(String text) {
    Set<String> found = new LinkedHashSet<>();
    Matcher url = URL.matcher(text);
    boolean isUrl = url.matches() && (text.contains("://") || text.startsWith("jdbc:"));
    if (isUrl) {
      String login = login(url.group(2));
      int end = login.indexOf(':') < 0 ? login.indexOf('/') : login.indexOf(':');
      if (end >= 0 && !LOCAL.matcher(text).matches()) {
        add(found, login.substring(end + 1));
      }
      if (!isUnderstood(text)) {
        found.add(text);
      }
    }
    if (isUrl || text.contains("=")) {
      Matcher pair = pairs(text);
      while (pair.find()) {
        add(found, pair.group(2));
      }
    }
    return List.copyOf(found);
  }

  /// A URL or a connection string as it may be shown.
  public static String shown(String text) {
    Matcher url = URL.matcher(text);
    boolean isUrl = url.matches() && (text.contains("://") || text.startsWith("jdbc:"));
    if (isUrl && !isUnderstood(text)) {
      Matcher host = HOST.matcher(url.group(2));
      String last = "";
      while (host.find()) {
        last = "@" + host.group(1);
      }
      return url.group(1) + MASK + last;
    }
    String shown =
        pairs(text)
            .replaceAll(pair ->
                Matcher.quoteReplacement(
                    NOT_SECRET.matcher(pair.group(2)).matches()
                        ? pair.group()
                        : pair.group(1) + "=" + MASK));
    return isUrl && !LOCAL.matcher(text).matches()
        ? shown.replaceFirst("//[^/?]*:[^/?]*@", "//" + MASK + "@")
        : shown;
  }

  /// Whether what a driver calls so must not be seen.
  public static boolean isSecret(String name, String value) {
    return name.matches("(?i)" + NAME) && !NOT_SECRET.matcher(value).matches();
  }

  /// The names in a text whose values are secrets, as in `password`.
  public static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    Matcher pair = pairs(text);
    while (pair.find()) {
      names.add(pair.group(1));
    }
    return names;
  }

  /// A URL or a connection string without its secrets, so that it can be written down and used.
  public static String without(String text) {
    String left =
        Pattern.compile("(?i)(^|[?&;]|\\s)(?:" + NAME + ")\\s*=\\s*(" + value(text) + ")(&?)")
            .matcher(text)
            .replaceAll(pair ->
                Matcher.quoteReplacement(
                    NOT_SECRET.matcher(pair.group(2)).matches() ? pair.group() : rest(pair)));
    return left.replaceFirst("//([^/@?:]*):[^/?]*@", "//$1@").strip();
  }

  // What begins the parameters is kept where others follow.
  private static String rest(MatchResult pair) {
    boolean more = !pair.group(3).isEmpty();
    return pair.group(1).equals("?") && more ? "?" : pair.group(3);
  }

  private static Matcher pairs(String text) {
    return Pattern.compile("(?i)(?<![\\w.-])(" + NAME + ")\\s*=\\s*(" + value(text) + ")")
        .matcher(text);
  }

  private static String value(String text) {
    Matcher url = URL.matcher(text);
    if (!url.matches() || !(text.contains("://") || text.startsWith("jdbc:"))) {
      return OF_KEYWORD;
    }
    int question = text.indexOf('?');
    int semicolon = text.indexOf(';');
    return question >= 0 && (semicolon < 0 || question < semicolon)
        ? AFTER_QUESTION_MARK
        : semicolon >= 0 ? AFTER_SEMICOLON : QUOTED + "[^&;)\\s]*";
  }

  private static boolean isUnderstood(String text) {
    Matcher url = URL.matcher(text);
    return LOCAL.matcher(text).matches()
        || (url.matches() && UNDERSTOOD.matcher(url.group(2)).matches());
  }

  /// What stands before the host: user, perhaps with a password.
  private static String login(String body) {
    int query = body.indexOf('?');
    String address = query < 0 ? body : body.substring(0, query);
    int at = address.lastIndexOf('@');
    if (at < 0) {
      return "";
    }
    String before = address.substring(0, at);
    return before.startsWith("//") ? before.substring(2) : before;
  }

  private static void add(Set<String> found, String value) {
    if (NOT_SECRET.matcher(value).matches()) {
      return;
    }
    found.add(value);
    String bare = value;
    if (value.startsWith("'") || value.startsWith("{")) {
      bare = value.length() < 2 ? value : value.substring(1, value.length() - 1);
      found.add(bare);
      found.add(bare.replace("}}", "}"));
    }
    found.add(bare.replaceAll("(?s)\\\\(.)", "$1"));
    if (bare.contains(")")) {
      found.add(bare.substring(0, bare.indexOf(')')));
    }
    try {
      found.add(URLDecoder.decode(bare, StandardCharsets.UTF_8));
      found.add(URLDecoder.decode(bare.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // A percent sign that escapes nothing: there is only the one form.
      found.add(bare);
    }
  }
}
