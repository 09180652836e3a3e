package dev.tapline.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The extraction log of a run: everything of level INFO and above, as JSON lines in a file, for as
/// long as it is open. A file that has become large is put aside, as `extraction.1.log`, in the
/// place of the one before, so that a run of months does not fill the disk.
public final class RunLog implements Closeable {
  private static final long LARGEST = 16 << 20;

  private final Path file;
  private final long largest;
  private final LineAppender appender;
  private BufferedWriter writer;
  private long length;

  private RunLog(Path file, long largest) throws IOException {
    this.file = file;
    this.largest = largest;
    this.writer = append(file);
    this.length = Files.size(file);
    LoggerContext context = Logging.context();
    this.appender =
        new LineAppender(file.toString(), context, Level.INFO, new JsonEncoder(), this::write);
  }

  /// Begins the log, at the end of the file if there is one.
  ///
  /// @param file where to write; its folder is made when it is missing
  /// @throws IOException if the file cannot be written
  public static RunLog open(Path file) throws IOException {
    return open(file, LARGEST);
  }

  static RunLog open(Path file, long largest) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    RunLog log = new RunLog(file, largest);
    log.appender.start();
    root().addAppender(log.appender);
    return log;
  }

  /// Writes an error to this log alone, for what the command line tells its user by itself.
  public void error(String message, Throwable thrown) {
    appender.doAppend(
        new LoggingEvent(RunLog.class.getName(), root(), Level.ERROR, message, thrown, null));
  }

  /// Ends the log.
  ///
  /// @throws IOException if a line could not be written, or the file not be closed
  @Override
  public void close() throws IOException {
    root().detachAppender(appender);
    appender.stop();
    IOException failure = appender.failure();
    try {
      writer.close();
    } catch (IOException e) {
      failure = failure == null ? e : failure;
    }
    if (failure != null) {
      throw new IOException(
          "the log "
              + file
              + " is not complete: "
              + failure.getMessage()
              + "; what the run did is in its report",
          failure);
    }
  }

  private static Logger root() {
    return Logging.context().getLogger(Logger.ROOT_LOGGER_NAME);
  }

  private static BufferedWriter append(Path file) throws IOException {
    return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /// The name of what is put aside.
  public static String aside(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name + ".1" : name.substring(0, dot) + ".1" + name.substring(dot);
  }

  private void write(String lines) throws IOException {
    if (length > 0 && length + lines.length() > largest) {
      writer.close();
      Files.move(
          file,
          file.resolveSibling(aside(String.valueOf(file.getFileName()))),
          StandardCopyOption.REPLACE_EXISTING);
      writer = append(file);
      length = 0;
    }
    writer.write(lines);
    writer.flush();
    length += lines.length();
  }
}
