package dev.tapline.soak;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The sentences by which a run may say that a copy is not the source, and the remedy that each
/// names. What is in none of them is not said.
final class ExpectedMessages {
  /// What the soak then does, as the reader of the message would.
  enum Remedy {
    /// Runs again: the next run brings it.
    RUN,
    /// `reset --stream`.
    RESET_STREAM,
    /// `reset --all`.
    RESET_ALL,
    /// `slots drop`, and `reset --all`.
    DROP_SLOT,
    /// Puts the publication right, and resets the stream.
    PUBLICATION,
    /// Gives the table its replica identity back, and resets the stream.
    IDENTITY
  }

  private static final Map<Pattern, Remedy> SENTENCES = new LinkedHashMap<>();

  static {
    put("slots drop", Remedy.DROP_SLOT);
    put("reset --all", Remedy.RESET_ALL);
    put("ALTER PUBLICATION|CREATE PUBLICATION|[Pp]ublication .*publish", Remedy.PUBLICATION);
    put("REPLICA IDENTITY|replica identity", Remedy.IDENTITY);
    put("reset --stream|'runtime reset'|reset the stream", Remedy.RESET_STREAM);
    put("does not answer in time|starting up|shutting down|cannot be reached", Remedy.RUN);
    put("copied anew|begins anew|run again|copy it anew", Remedy.RUN);
  }

  private static final Pattern STREAM = Pattern.compile("\\bpublic\\.([a-z0-9_]+)");

  private ExpectedMessages() {}

  private static void put(String sentence, Remedy remedy) {
    SENTENCES.put(Pattern.compile(sentence), remedy);
  }

  static List<String> sentences() {
    return SENTENCES.entrySet().stream()
        .map(entry -> "'" + entry.getKey().pattern() + "': " + entry.getValue())
        .toList();
  }

  /// The remedies that lines name for a table; those of the pipeline as a whole count for all.
  static Set<Remedy> about(List<String> lines, String table) {
    return of(lines, streams -> streams.isEmpty() || streams.contains(table));
  }

  /// The remedies of lines that name a table.
  static Set<Remedy> naming(List<String> lines, String table) {
    return of(lines, streams -> streams.contains(table));
  }

  private static Set<Remedy> of(List<String> lines, Predicate<Set<String>> counts) {
    Set<Remedy> remedies = EnumSet.noneOf(Remedy.class);
    for (String line : lines) {
      Set<String> streams =
          STREAM.matcher(line).results().map(found -> found.group(1)).collect(Collectors.toSet());
      if (counts.test(streams)) {
        of(line).ifPresent(remedies::add);
      }
    }
    return remedies;
  }

  static Optional<Remedy> of(String line) {
    return SENTENCES.entrySet().stream()
        .filter(entry -> entry.getKey().matcher(line).find())
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
