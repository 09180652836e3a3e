package dev.tapline.source.postgres.connection;

import dev.tapline.source.postgres.connection.tls.TlsConfig;
import dev.tapline.spi.config.Secret;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where the server is, or several that are tried in turn, and who logs in.
///
/// @param addresses where; at least one
/// @param target which of them is wanted
/// @param database the database of the connection's parameters, else the user's name
/// @param user the role
/// @param passwords the role's password
/// @param tls how the connection is encrypted
/// @param options what libpq's `options` holds: arguments for the server
public record Endpoint(
    List<Address> addresses,
    TargetSession target,
    String database,
    String user,
    Passwords passwords,
    TlsConfig tls,
    String options) {

  public Endpoint {
    addresses = List.copyOf(addresses);
  }

  /// A password, or those of a file.
  ///
  /// @param given the password, if one is given
  /// @param origin where it is from, for messages
  /// @param file where to look for one otherwise
  public record Passwords(Optional<Secret> given, String origin, PasswordFile file) {
    /// The password for a connection, as it is now.
    public Optional<Secret> find(Address address, String database, String user) {
      return given.or(() -> file.again().find(address, database, user));
    }

    /// What to correct when it is wrong.
    String origin(Address address, String database, String user) {
      return given.isEmpty() && file.again().find(address, database, user).isPresent()
          ? file.file().toString()
          : origin;
    }
  }

  /// `host:port`, or several, for messages.
  public String address() {
    return addresses.stream().map(Address::toString).collect(Collectors.joining(","));
  }
}
