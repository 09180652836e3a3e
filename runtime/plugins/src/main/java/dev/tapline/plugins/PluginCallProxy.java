package dev.tapline.plugins;

import dev.tapline.engine.PluginFault;
import dev.tapline.spi.Provider;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Source;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Sets the thread's context class loader to the plug-in's around each call into a plug-in, since
/// many a library looks there for its own classes; and names the plug-in and the call when it fails
/// in a way that the SPI does not announce.
///
/// It stands before a provider and before what that makes: sources, readers, methods, sinks,
/// writers and committers, each with every interface of the SPI that the object has, so that a
/// source's capabilities are still seen. A snapshot stays bare: its source gets it back and knows
/// it by class. One reflective call a batch is nothing beside the batch.
final class PluginCallProxy implements InvocationHandler {
  private static final List<Class<?>> GUARDED =
      List.of(
          Source.class,
          BatchReader.class,
          ReplicationMethod.class,
          Sink.class,
          SinkWriter.class,
          SinkCommitter.class);

  private final Object target;
  private final Owner owner;

  /// Whose code is called.
  ///
  /// @param subject the plug-in before people, as in `sink 'jdbc'`
  /// @param location the jar or the folder that holds it
  private record Owner(String subject, String location, ClassLoader loader) {}

  private PluginCallProxy(Object target, Owner owner) {
    this.target = target;
    this.owner = owner;
  }

  static Provider guard(PluginKind kind, Provider provider, ClassLoader loader, String location) {
    String subject = kind.label() + " '" + provider.name() + "'";
    return (Provider) proxy(provider, new Owner(subject, location, loader));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getName().equals("equals") && arguments != null && arguments.length == 1) {
      return isSame(proxy, arguments[0]);
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(owner.loader());
    try {
      Object result = method.invoke(target, arguments);
      return result != null && GUARDED.contains(method.getReturnType())
          ? proxy(result, owner)
          : result;
    } catch (InvocationTargetException e) {
      throw told(method, e.getCause() == null ? e : e.getCause());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /// What the caller gets: what the plug-in has told of, or who has failed where.
  private Throwable told(Method method, Throwable failure) {
    if (failure instanceof InterruptedException
        || failure instanceof PluginFault
        || failure instanceof OutOfMemoryError) {
      return failure;
    }
    if (failure instanceof IOException e && e.getMessage() != null && !e.getMessage().isBlank()) {
      return failure;
    }
    String message = message(method, failure);
    if (failure instanceof TransientException) {
      return new TransientException(message, failure);
    }
    PluginFault fault = new PluginFault(message, failure);
    return Stream.of(method.getExceptionTypes()).anyMatch(IOException.class::equals)
        ? fault.checked()
        : fault;
  }

  private String message(Method method, Throwable failure) {
    String call = call(method);
    if (failure instanceof LinkageError) {
      return "%s, %s: the plug-in %s is not complete, or was built for another version: %s"
          .formatted(owner.subject(), call, owner.location(), failure);
    }
    String said = failure.getMessage();
    return "%s, %s: %s%s; this is a fault of the plug-in %s: report it to those who make it, with what --debug shows"
        .formatted(
            owner.subject(),
            call,
            failure.getClass().getSimpleName(),
            said == null || said.isBlank() ? "" : ": " + said,
            owner.location());
  }

  // What closes things is declared by the JDK.
  private String call(Method method) {
    String of =
        GUARDED.stream()
            .filter(type -> type.isInstance(target))
            .filter(type -> !isDeclaredBeside(method, type))
            .findFirst()
            .orElse(method.getDeclaringClass())
            .getSimpleName();
    return of + "." + method.getName();
  }

  private static boolean isDeclaredBeside(Method method, Class<?> type) {
    return Stream.of(type.getMethods()).noneMatch(own -> own.getName().equals(method.getName()));
  }

  // What equals means for a proxy is what is being defined here.
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(Object proxy, Object other) {
    return proxy == other;
  }

  private static Object proxy(Object target, Owner owner) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> at = target.getClass(); at != null; at = at.getSuperclass()) {
      collect(at, interfaces);
    }
    return Proxy.newProxyInstance(
        Provider.class.getClassLoader(),
        interfaces.toArray(Class<?>[]::new),
        new PluginCallProxy(target, owner));
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
