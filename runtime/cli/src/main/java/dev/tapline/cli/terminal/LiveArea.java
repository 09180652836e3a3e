package dev.tapline.cli.terminal;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The last lines of a terminal, drawn again and again, while other text (the log) goes on
/// scrolling above them. Safe for all threads.
public final class LiveArea {
  private static final String ERASE_BELOW = "\r\033[J";

  private final PrintStream terminal;
  private String drawn = "";

  public LiveArea(PrintStream terminal) {
    this.terminal = terminal;
  }

  /// Puts `lines`, each ended by a newline, in the place of those drawn before.
  public synchronized void draw(String lines) {
    terminal.print(erasure() + lines);
    terminal.flush();
    drawn = lines;
  }

  /// A stream that writes above the area, line by line.
  public PrintStream asPrintStream() {
    return new PrintStream(new Above(), true, StandardCharsets.UTF_8);
  }

  private synchronized void printAbove(byte[] text, int offset, int length) {
    terminal.print(erasure());
    terminal.write(text, offset, length);
    terminal.print(drawn);
    terminal.flush();
  }

  private String erasure() {
    long lines = drawn.chars().filter(c -> c == '\n').count();
    return lines == 0 ? "" : "\033[%dA".formatted(lines) + ERASE_BELOW;
  }

  private final class Above extends OutputStream {
    private byte[] line = new byte[256];
    private int length;

    @Override
    public synchronized void write(int b) {
      if (length == line.length) {
        line = Arrays.copyOf(line, length * 2);
      }
      line[length++] = (byte) b;
      if (b == '\n') {
        printAbove(line, 0, length);
        length = 0;
      }
    }
  }
}
