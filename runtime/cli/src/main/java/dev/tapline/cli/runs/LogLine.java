package dev.tapline.cli.runs;

import dev.tapline.cli.text.HumanReadable;
import dev.tapline.engine.select.NamePattern;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.event.Level;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A line of a run's log.
///
/// @param time when it was written
/// @param level how much it matters
/// @param stream the stream that it was written for; empty when for none
/// @param message what it says
/// @param exception the trace of what was thrown, or nothing
public record LogLine(Instant time, Level level, String stream, String message, String exception) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern SUBJECT = Pattern.compile("stream (.+?): .*", Pattern.DOTALL);
  private static final Pattern SUBJECTS =
      Pattern.compile("\\d+ streams \\((.+?)(?: and \\d+ more)?\\): .*", Pattern.DOTALL);

  /// Reads a line of the file; nothing if it is none, as what a kill has cut short.
  public static Optional<LogLine> of(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return Optional.of(
          new LogLine(
              Instant.parse(node.required("time").asString()),
              Level.valueOf(node.required("level").asString()),
              node.path("stream").asString(""),
              node.required("message").asString(),
              node.path("exception").asString("")));
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Whether it is about a stream that a pattern means, or was written while it was read.
  public boolean isAbout(NamePattern pattern) {
    return streams().stream().anyMatch(pattern::matchesLabel);
  }

  private List<String> streams() {
    List<String> streams = new ArrayList<>();
    if (!stream.isEmpty()) {
      streams.add(stream);
    }
    Matcher one = SUBJECT.matcher(message);
    if (one.matches()) {
      streams.add(one.group(1));
    }
    Matcher several = SUBJECTS.matcher(message);
    if (several.matches()) {
      streams.addAll(List.of(several.group(1).split(", ")));
    }
    return streams;
  }

  /// Whether it matters at least so much.
  public boolean isAtLeast(Level least) {
    return level.toInt() >= least.toInt();
  }

  /// The line for people, with its line feed.
  ///
  /// @param trace whether with the trace of what was thrown
  public String text(boolean trace) {
    StringBuilder line = new StringBuilder(HumanReadable.time(time));
    line.append(String.format(Locale.ROOT, " %-5s ", level));
    if (!stream.isEmpty() && !message.startsWith("stream ")) {
      line.append("stream ").append(stream).append(": ");
    }
    line.append(message).append('\n');
    if (trace && !exception.isEmpty()) {
      line.append(exception.stripTrailing()).append('\n');
    }
    return line.toString();
  }
}
