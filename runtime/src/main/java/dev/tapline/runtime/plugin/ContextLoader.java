package dev.tapline.runtime.plugin;

import dev.tapline.spi.Provider;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Source;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sets the thread's context class loader to the plug-in's around each call into a plug-in, since
/// many a library looks there for its own classes; and names the plug-in when its code is not
/// complete.
///
/// It stands before a provider and before what that makes: sources, readers, methods, sinks,
/// writers and committers, each with every interface of the SPI that the object has, so that a
/// source's capabilities are still seen. A snapshot stays bare: its source gets it back and knows
/// it by class. One reflective call a batch is nothing beside the batch.
final class ContextLoader implements InvocationHandler {
  private static final List<Class<?>> GUARDED =
      List.of(
          Source.class,
          BatchReader.class,
          ReplicationMethod.class,
          Sink.class,
          SinkWriter.class,
          SinkCommitter.class);

  private final Object target;
  private final ClassLoader loader;
  private final String location;

  private ContextLoader(Object target, ClassLoader loader, String location) {
    this.target = target;
    this.loader = loader;
    this.location = location;
  }

  static Provider guard(Provider provider, ClassLoader loader, String location) {
    return (Provider) proxy(provider, loader, location);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("equals") && arguments != null && arguments.length == 1) {
      return isSame(proxy, arguments[0]);
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      Object result = method.invoke(target, arguments);
      return result != null && GUARDED.contains(method.getReturnType())
          ? proxy(result, loader, location)
          : result;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof LinkageError error) {
        throw new IllegalStateException(
            "the plug-in "
                + location
                + " is not complete, or was built for another version: "
                + error,
            error);
      }
      throw e.getCause() == null ? e : e.getCause();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  // What equals means for a proxy is what is being defined here.
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(Object proxy, Object other) {
    return proxy == other;
  }

  private static Object proxy(Object target, ClassLoader loader, String location) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> at = target.getClass(); at != null; at = at.getSuperclass()) {
      collect(at, interfaces);
    }
    return Proxy.newProxyInstance(
        Provider.class.getClassLoader(),
        interfaces.toArray(Class<?>[]::new),
        new ContextLoader(target, loader, location));
  }

  private static void collect(Class<?> type, Set<Class<?>> interfaces) {
    for (Class<?> implemented : type.getInterfaces()) {
      if (implemented.getModule().equals(Provider.class.getModule())
          && implemented.getName().startsWith("dev.tapline.spi.")) {
        interfaces.add(implemented);
      }
      collect(implemented, interfaces);
    }
  }
}
