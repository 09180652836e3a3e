package dev.tapline.source.postgres.connection.socket;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGProperty;

/// Makes pgjdbc get its sockets from here, for one connection attempt. Close it after the attempt:
/// what the driver has created by then keeps what it needs.
public final class DriverSockets implements AutoCloseable {
  private final List<String> tickets = new ArrayList<>();

  /// Has the driver ask for sockets that are connected already.
  public void tunnel(Properties properties, TunnelSocketFactory.Connector connector) {
    PGProperty.SOCKET_FACTORY.set(properties, TunnelSocketFactory.class.getName());
    PGProperty.SOCKET_FACTORY_ARG.set(properties, ticket(connector));
  }

  /// Has the driver encrypt its sockets this way.
  public void tls(Properties properties, TlsSocketFactory.Tls tls) {
    PGProperty.SSL_FACTORY.set(properties, TlsSocketFactory.class.getName());
    PGProperty.SSL_FACTORY_ARG.set(properties, ticket(tls));
  }

  private String ticket(Object object) {
    String ticket = FactoryArguments.put(object);
    tickets.add(ticket);
    return ticket;
  }

  @Override
  public void close() {
    tickets.forEach(FactoryArguments::remove);
  }
}
