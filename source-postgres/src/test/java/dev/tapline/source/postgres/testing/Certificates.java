package dev.tapline.source.postgres.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Makes certificates with `openssl` in a folder, for tests.
public final class Certificates {
  private final Path folder;

  /// @param folder where the files are put
  public Certificates(Path folder) {
    this.folder = folder;
  }

  /// An authority, `NAME.crt` and `NAME.key`.
  public Certificates authority(String name) {
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        name + ".key",
        "-out",
        name + ".crt",
        "-days",
        "30",
        "-subj",
        "/CN=" + name);
    return this;
  }

  /// A certificate of an authority, `NAME.crt` and `NAME.key`.
  ///
  /// @param subject the common name
  /// @param names subject alternative names, as in `DNS:localhost,IP:127.0.0.1`; empty for none
  /// @param dates arguments that say how long it lasts, as in `-days`, `30`
  public Certificates signed(
      String name, String authority, String subject, String names, String... dates) {
    openssl(
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        name + ".key",
        "-out",
        name + ".csr",
        "-subj",
        "/CN=" + subject);
    try {
      Files.writeString(
          folder.resolve(name + ".ext"), names.isEmpty() ? "" : "subjectAltName=" + names + "\n");
      Files.setPosixFilePermissions(
          folder.resolve(name + ".key"), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                authority + ".crt",
                "-CAkey",
                authority + ".key",
                "-CAcreateserial",
                "-out",
                name + ".crt",
                "-extfile",
                name + ".ext"));
    arguments.addAll(Arrays.asList(dates));
    openssl(arguments.toArray(String[]::new));
    return this;
  }

  /// Runs `openssl` in the folder.
  public void openssl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(Arrays.asList(arguments));
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new AssertionError(command + ": " + output);
      }
    } catch (IOException e) {
      throw new AssertionError("openssl is not installed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /// A file of the folder.
  public Path file(String name) {
    return folder.resolve(name);
  }
}
