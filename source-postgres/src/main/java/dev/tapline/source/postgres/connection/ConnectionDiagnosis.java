package dev.tapline.source.postgres.connection;

import dev.tapline.spi.TransientException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Why a connection failed, in parts. It is the cause of the exception whose message says it in one
/// sentence.
public final class ConnectionDiagnosis extends Exception {
  private static final long serialVersionUID = 1L;

  /// What it was that failed.
  public enum Kind {
    /// The server's name.
    NAME("name"),
    /// The way to the server, or its port.
    PORT("port"),
    /// The SSH server, or the way through it.
    SSH("ssh"),
    /// Encryption, certificates.
    TLS("tls"),
    /// The password.
    PASSWORD("password"),
    /// The role.
    USER("user"),
    /// The database, or the privilege to connect to it.
    DATABASE("database"),
    /// The server's rules of access.
    PG_HBA("pg_hba"),
    /// The server is not ready, or full.
    SERVER("server"),
    /// Anything else.
    CONNECTION("connection");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// What messages call it.
    public String word() {
      return word;
    }
  }

  private final Kind kind;
  private final String problem;
  private final String remedy;

  ConnectionDiagnosis(Kind kind, String problem, String remedy, @Nullable Throwable cause) {
    super(problem, cause);
    this.kind = kind;
    this.problem = problem;
    this.remedy = remedy;
  }

  /// What failed.
  public Kind kind() {
    return kind;
  }

  /// What is so.
  public String problem() {
    return problem;
  }

  /// What to do, as a statement to paste where that is possible.
  public String remedy() {
    return remedy;
  }

  /// The exception that says it.
  IOException thrown(boolean mayPass) {
    String sentence = remedy.isEmpty() ? problem : problem + "; " + remedy;
    return mayPass ? new TransientException(sentence, this) : new IOException(sentence, this);
  }

  /// What is behind a failure to connect, if that is what failed.
  public static Optional<ConnectionDiagnosis> of(IOException failure) {
    return failure.getCause() instanceof ConnectionDiagnosis diagnosis
        ? Optional.of(diagnosis)
        : Optional.empty();
  }
}
