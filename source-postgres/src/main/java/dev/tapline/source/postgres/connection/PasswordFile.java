package dev.tapline.source.postgres.connection;

import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The passwords of a libpq password file (`~/.pgpass`): lines of
/// `host:port:database:user:password`, of which the first match counts. pgjdbc has a parser too,
/// but takes the file only from the process (a system property, the environment), and does not
/// check its permissions.
///
/// @param file where they are from
/// @param entries the lines
/// @param problem why they are not used, or nothing
public record PasswordFile(Path file, List<Entry> entries, String problem) {

  /// A line: four fields, of which `*` matches anything, and the password.
  public record Entry(List<String> fields, Secret password) {
    public Entry {
      fields = List.copyOf(fields);
    }

    boolean matches(List<String> wanted) {
      for (int i = 0; i < wanted.size(); i++) {
        if (!fields.get(i).equals("*") && !fields.get(i).equals(wanted.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  private static final int FIELDS = 5;
  private static final List<String> DEFAULT_FOLDERS =
      List.of("/var/run/postgresql", "/run/postgresql", "/tmp");

  public PasswordFile {
    entries = List.copyOf(entries);
  }

  /// Reads the file that the parameters name, or the user's. One that is not there holds nothing.
  public static PasswordFile read(Optional<String> named, Environment environment) {
    return read(named.map(Path::of).orElse(environment.home().resolve(".pgpass")));
  }

  /// The file as it is now.
  PasswordFile again() {
    return read(file);
  }

  private static PasswordFile read(Path file) {
    if (!Files.isRegularFile(file)) {
      return new PasswordFile(file, List.of(), "");
    }
    try {
      if (isOpenToOthers(file)) {
        return new PasswordFile(
            file,
            List.of(),
            "the passwords in %s are not used, as others can read the file: chmod 600 %s"
                .formatted(file, file));
      }
      List<Entry> entries = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        List<String> fields = fields(line);
        if (!line.startsWith("#") && fields.size() >= FIELDS) {
          entries.add(new Entry(fields.subList(0, FIELDS - 1), new Secret(fields.get(FIELDS - 1))));
        }
      }
      return new PasswordFile(file, entries, "");
    } catch (IOException e) {
      return new PasswordFile(
          file, List.of(), "the file %s cannot be read (%s)".formatted(file, e));
    }
  }

  /// The password for a connection.
  Optional<Secret> find(Address address, String database, String user) {
    List<String> wanted = List.of(host(address), String.valueOf(address.port()), database, user);
    return entries.stream().filter(entry -> entry.matches(wanted)).map(Entry::password).findFirst();
  }

  // As in libpq, a Unix socket where it usually is goes by this name.
  private static String host(Address address) {
    return DEFAULT_FOLDERS.contains(address.host()) ? "localhost" : address.host();
  }

  // A backslash takes the meaning from a colon or another backslash.
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        field.append(line.charAt(++i));
      } else if (c == ':' && fields.size() < FIELDS - 1) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private static boolean isOpenToOthers(Path file) throws IOException {
    @Nullable PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return false;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    return permissions.contains(PosixFilePermission.GROUP_READ)
        || permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }
}
