package dev.tapline.engine.state;

import dev.tapline.spi.Position;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// Positions as people read them: the place alone, without what a source has to remember beside it
/// of rows that it has seen, and of what the position rests on. The whole of it stands in the state
/// and in `report.json`.
public final class PositionText {
  /// What is said of a stream that is copied in whole and has no place to go on from.
  public static final String COMPLETE = "complete";

  private static final int LONGEST = 40;
  private static final String CUT = "...";

  private PositionText() {}

  /// `lsn=0/16B3748`, or `updated_at=2026-11-30 02:10:46+00`; of a source that has other entries,
  /// all of them. Nothing for the beginning.
  public static String of(Position position) {
    SortedMap<String, String> entries = position.entries();
    String lsn = entries.get(Position.LSN);
    if (lsn != null) {
      return Position.LSN + "=" + lsn;
    }
    String columns = entries.get(Position.KEYS);
    if (columns != null) {
      String values = values(entries, columns);
      return values.isEmpty() ? "no key yet" : values;
    }
    return entries.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(Position.FACTS))
        .map(entry -> said(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String values(SortedMap<String, String> entries, String columns) {
    return entries.keySet().stream()
        .filter(name -> name.startsWith(Position.KEY))
        .map(name -> name.substring(Position.KEY.length()))
        .sorted(
            Comparator.comparingInt(
                column -> columns.indexOf('"' + column.replace("\"", "\"\"") + '"')))
        .map(column -> said(column, String.valueOf(entries.get(Position.KEY + column))))
        .collect(Collectors.joining(" "));
  }

  private static String said(String name, String value) {
    return name
        + "="
        + (value.length() <= LONGEST ? value : value.substring(0, LONGEST - CUT.length()) + CUT);
  }
}
