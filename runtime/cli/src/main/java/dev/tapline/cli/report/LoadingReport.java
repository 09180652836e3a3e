package dev.tapline.cli.report;

import dev.tapline.cli.text.HumanReadable;
import dev.tapline.cli.text.TextTable;
import dev.tapline.engine.state.PositionText;
import java.util.ArrayList;
import java.util.List;

/// What a run has loaded, as a table for people.
public final class LoadingReport {
  private static final int LAG = 8;

  private final RunReport report;

  /// @param report the run, which has ended
  public LoadingReport(RunReport report) {
    this.report = report;
  }

  /// A row a stream, and a line that sums up. What failed was told when it did, by the log.
  public String brief() {
    return (report.streams().isEmpty() ? "" : table().toString()) + summary() + '\n';
  }

  /// The same with the reasons of what failed.
  public String text() {
    StringBuilder text = new StringBuilder(report.streams().isEmpty() ? "" : table().toString());
    // Below, as a sentence with its remedy is wider than any table.
    for (StreamReport stream : report.streams()) {
      if (!stream.error().isEmpty()) {
        error(text, stream.label() + ": " + stream.error());
      }
    }
    report.problems().forEach(problem -> error(text, problem));
    return text.append(summary()).append('\n').toString();
  }

  private static void error(StringBuilder text, String sentence) {
    text.append("error: ").append(sentence.replaceAll("\\s+", " ")).append('\n');
  }

  private TextTable table() {
    boolean logs = report.streams().stream().anyMatch(stream -> stream.lag().isPresent());
    TextTable table =
        TextTable.of(
            cells(
                logs,
                "stream",
                "method",
                "status",
                ">rows",
                ">bytes",
                ">seconds",
                ">rows/s",
                "bookmark",
                "lag"));
    for (StreamReport stream : report.streams()) {
      table.row(
          cells(
              logs,
              stream.label(),
              stream.method(),
              stream.status(),
              HumanReadable.count(stream.rows()),
              HumanReadable.bytes(stream.bytes()),
              HumanReadable.seconds(stream.time()),
              HumanReadable.count(HumanReadable.perSecond(stream.rows(), stream.time())),
              position(stream),
              stream.lag().map(HumanReadable::lag).orElse("-")));
    }
    return table;
  }

  /// The cells of a row, the one for the lag only where some stream reads a log.
  private static String[] cells(boolean logs, String... cells) {
    List<String> kept = new ArrayList<>(List.of(cells));
    if (!logs) {
      kept.remove(LAG);
    }
    return kept.toArray(String[]::new);
  }

  private static String position(StreamReport stream) {
    if (!stream.position().isStart()) {
      return PositionText.of(stream.position());
    }
    return stream.isDone() ? PositionText.COMPLETE : "-";
  }

  private String summary() {
    return "%s: %s%s rows, %s in %s s (%s rows/s)%s%s%s"
        .formatted(
            report.pipeline(),
            report.streams().isEmpty() ? "" : streams() + ", ",
            HumanReadable.count(report.rows()),
            HumanReadable.bytes(report.bytes()),
            HumanReadable.seconds(report.time()),
            HumanReadable.count(HumanReadable.perSecond(report.rows(), report.time())),
            report.failed() == 0 ? "" : "; " + report.failed() + " failed",
            stopped(),
            outside());
  }

  /// `2 of 3 streams`; of a log that was followed, which has no end, `3 streams followed`.
  private String streams() {
    int all = report.streams().size();
    long followed = report.followed();
    if (followed == 0) {
      return "%d of %d streams".formatted(report.done(), all);
    }
    String beside = report.done() == 0 ? "" : ", %d done".formatted(report.done());
    return followed == all
        ? (all == 1 ? "1 stream followed" : all + " streams followed")
        : "%d of %d streams followed%s".formatted(followed, all, beside);
  }

  private String stopped() {
    boolean cut = report.streams().stream().anyMatch(StreamReport::wasCutShort);
    if (cut) {
      return "; stopped before the end";
    }
    return report.outcome() == RunReport.Outcome.STOPPED || report.followed() > 0
        ? "; stopped"
        : "";
  }

  /// What was not even begun is no stream of the table.
  private String outside() {
    return switch (report.problems().size()) {
      case 0 -> "";
      case 1 -> "; 1 error is about what could not begin";
      default -> "; %d errors are about what could not begin".formatted(report.problems().size());
    };
  }
}
