package dev.tapline.spi.catalog;

import java.util.Optional;

/// What a check found out about one thing that a pipeline needs.
///
/// @param severity how much it matters
/// @param subject what was looked at
/// @param message what is so, as one sentence without a final full stop
/// @param remedy what to do, as a statement to paste where that is possible; empty when there is
///   nothing to do
public record Finding(Severity severity, Subject subject, String message, String remedy) {

  /// How much a finding matters.
  public enum Severity {
    /// As it should be.
    OK,
    /// The run will work, yet perhaps not as the user thinks.
    WARNING,
    /// The run, or one stream of it, cannot work.
    ERROR
  }

  /// What a finding is about. What is done about it depends on this, and is never guessed from
  /// words: an error about a stream concerns that stream alone, one about a topic the whole run.
  public sealed interface Subject {
    /// What people call it.
    ///
    /// @param withDatabase whether the database is said, where streams of several may be meant
    String label(boolean withDatabase);
  }

  /// One stream, or one relation that is no stream.
  ///
  /// @param name its name
  public record OfStream(StreamName name) implements Subject {
    @Override
    public String label(boolean withDatabase) {
      return withDatabase ? name.qualified() : name.toString();
    }
  }

  /// All relations of a schema.
  ///
  /// @param database the database
  /// @param schema the schema within it, [StreamName#namespace()]
  public record OfSchema(String database, String schema) implements Subject {
    @Override
    public String label(boolean withDatabase) {
      return withDatabase ? database + "." + schema : schema;
    }
  }

  /// All relations of a database.
  ///
  /// @param database the database
  public record OfDatabase(String database) implements Subject {
    @Override
    public String label(boolean withDatabase) {
      return database;
    }
  }

  /// Anything else that a pipeline needs.
  ///
  /// @param words what it is, in the user's words: `connection`, `path`, `wal_level`
  public record OfTopic(String words) implements Subject {
    @Override
    public String label(boolean withDatabase) {
      return words;
    }
  }

  /// The stream that it is about, if it is about one.
  public Optional<StreamName> stream() {
    return subject instanceof OfStream(StreamName name) ? Optional.of(name) : Optional.empty();
  }

  /// The same, of another severity.
  public Finding as(Severity other) {
    return new Finding(other, subject, message, remedy);
  }

  /// A finding that all is well.
  public static Finding ok(String topic, String message) {
    return new Finding(Severity.OK, new OfTopic(topic), message, "");
  }

  /// A finding to think about.
  ///
  /// @param topic as [OfTopic] has it, never the name of a stream
  public static Finding warning(String topic, String message, String remedy) {
    return new Finding(Severity.WARNING, new OfTopic(topic), message, remedy);
  }

  /// A finding about one stream to think about.
  public static Finding warning(StreamName stream, String message, String remedy) {
    return new Finding(Severity.WARNING, new OfStream(stream), message, remedy);
  }

  /// A finding that must be put right before a run can begin.
  ///
  /// @param topic as [OfTopic] has it, never the name of a stream
  public static Finding error(String topic, String message, String remedy) {
    return new Finding(Severity.ERROR, new OfTopic(topic), message, remedy);
  }

  /// A finding about a schema to think about: its relations are not in the catalog.
  public static Finding warning(OfSchema schema, String message, String remedy) {
    return new Finding(Severity.WARNING, schema, message, remedy);
  }

  /// A finding about a database to think about: its relations are not in the catalog.
  public static Finding warning(OfDatabase database, String message, String remedy) {
    return new Finding(Severity.WARNING, database, message, remedy);
  }

  /// A finding about one stream that must be put right; without it, the others can run.
  public static Finding error(StreamName stream, String message, String remedy) {
    return new Finding(Severity.ERROR, new OfStream(stream), message, remedy);
  }
}
