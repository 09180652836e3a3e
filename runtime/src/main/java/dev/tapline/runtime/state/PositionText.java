package dev.tapline.runtime.state;

import dev.tapline.spi.Position;
import java.util.stream.Collectors;

/// Positions as people read them.
public final class PositionText {
  private static final int LONGEST = 40;
  private static final String CUT = "...";

  private PositionText() {}

  /// The entries, long ones cut: a position may hold what it has to remember of a thousand rows;
  /// and without what the position rests on, which is compared by programs. The whole of it stands
  /// in the state.
  public static String of(Position position) {
    return position.entries().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(Position.FACTS))
        .map(entry -> entry.getKey() + "=" + cut(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String cut(String value) {
    return value.length() <= LONGEST ? value : value.substring(0, LONGEST - CUT.length()) + CUT;
  }
}
