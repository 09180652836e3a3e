package dev.tapline.source.postgres.connection.socket;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Hands objects to the socket factories that pgjdbc instantiates by class name: the driver passes
/// them nothing but text.
final class FactoryArguments {
  private static final Map<String, Object> OPEN = new ConcurrentHashMap<>();

  private FactoryArguments() {}

  static String put(Object object) {
    String ticket = UUID.randomUUID().toString();
    OPEN.put(ticket, object);
    return ticket;
  }

  static <T> T get(String ticket, Class<T> type) {
    Object object = OPEN.get(ticket);
    if (object == null) {
      throw new IllegalArgumentException("no such ticket: " + ticket);
    }
    return type.cast(object);
  }

  static void remove(String ticket) {
    OPEN.remove(ticket);
  }
}
