package dev.tapline.cli.logging;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The secrets that this process knows, to be masked in whatever a person or a log gets to see.
/// Safe for several threads.
///
/// It belongs to the process, not to a run: a secret of one pipeline must not show in the log of
/// another either.
public final class Secrets {
  private static final String MASK = "***";
  // A shorter secret is masked as a whole word only: every "a" of a log is of no use to anyone.
  private static final int SHORTEST_ANYWHERE = 4;
  // Lines of a private key are masked each for itself; its shorter ones would mask ordinary words.
  private static final int SHORTEST_LINE = 12;

  private static volatile List<String> known = List.of();
  private static volatile @Nullable Pattern pattern;

  private Secrets() {}

  /// Remembers a secret: as it stands, as it stands in a URL, and, if it has several lines, each of
  /// them. An empty one is ignored.
  public static synchronized void add(String secret) {
    List<String> forms =
        Stream.concat(
                Stream.of(
                    secret, secret.strip(), URLEncoder.encode(secret, StandardCharsets.UTF_8)),
                secret.lines().map(String::strip).filter(line -> line.length() >= SHORTEST_LINE))
            .filter(form -> !form.isBlank())
            .toList();
    if (known.containsAll(forms)) {
      return;
    }
    known =
        Stream.concat(known.stream(), forms.stream())
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    pattern = Pattern.compile(String.join("|", known.stream().map(Secrets::expression).toList()));
  }

  /// The text with three asterisks for each secret in it.
  public static String mask(String text) {
    Pattern current = pattern;
    return current == null ? text : current.matcher(text).replaceAll(MASK);
  }

  private static String expression(String secret) {
    String literal = Pattern.quote(secret);
    return secret.length() >= SHORTEST_ANYWHERE
        ? literal
        : "(?<![\\p{L}\\p{N}])" + literal + "(?![\\p{L}\\p{N}])";
  }
}
