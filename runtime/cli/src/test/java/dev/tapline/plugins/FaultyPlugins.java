package dev.tapline.plugins;

import dev.tapline.engine.method.FullTableProvider;
import dev.tapline.engine.method.LogBasedProvider;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.spi.Provider;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Source;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Plug-ins of which one call fails, as the runtime gets them: with its guard before them.
public final class FaultyPlugins {
  private static final List<Class<?>> PASSED_THROUGH =
      List.of(
          Source.class,
          BatchReader.class,
          ReplicationMethod.class,
          Sink.class,
          SinkWriter.class,
          SinkCommitter.class);

  private final ConcurrentSkipListMap<String, AtomicInteger> calls = new ConcurrentSkipListMap<>();
  private String call = "";
  private int turn;
  private Supplier<Throwable> fault = IllegalStateException::new;

  /// Has the `turn`th of these calls fail, as in `SinkCommitter.commit`, and all that follow it.
  public void at(String failing, int times, Supplier<Throwable> thrown) {
    calls.clear();
    call = failing;
    turn = times;
    fault = thrown;
  }

  /// How often each call was made.
  public int count(String name) {
    AtomicInteger count = calls.get(name);
    return count == null ? 0 : count.get();
  }

  /// Every call that was made, as in `SinkCommitter.commit`.
  public Set<String> seen() {
    return new LinkedHashSet<>(calls.keySet());
  }

  /// The fakes of the engine's tests as the command line gets plug-ins.
  public LoadedPlugins of(EngineFixture engine) {
    return new LoadedPlugins(
        List.of(
            plugin(PluginKind.SOURCE, engine.sourceProvider()),
            plugin(PluginKind.SINK, engine.sinkProvider()),
            new Plugin(PluginKind.METHOD, "FULL_TABLE", new FullTableProvider(), "", "runtime"),
            new Plugin(PluginKind.METHOD, "LOG_BASED", new LogBasedProvider(), "", "runtime")),
        List.of());
  }

  /// A plug-in as the loader makes it of a provider.
  public Plugin plugin(PluginKind kind, Provider provider) {
    return new Plugin(
        kind,
        provider.name(),
        PluginCallProxy.guard(
            kind, (Provider) faulty(provider), getClass().getClassLoader(), "/plugins/fake.jar"),
        "",
        "/plugins/fake.jar");
  }

  private Object faulty(Object target) {
    Set<Class<?>> interfaces = new LinkedHashSet<>();
    for (Class<?> at = target.getClass(); at != null; at = at.getSuperclass()) {
      interfaces.addAll(List.of(at.getInterfaces()));
    }
    return Proxy.newProxyInstance(
        Provider.class.getClassLoader(),
        interfaces.stream()
            .filter(type -> type.getName().startsWith("dev.tapline.spi."))
            .toArray(Class<?>[]::new),
        (_, method, arguments) -> invoke(target, method, arguments));
  }

  private Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    String name = name(target, method);
    int now = calls.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
    if (name.equals(call) && now >= turn) {
      throw fault.get();
    }
    try {
      Object result = method.invoke(target, arguments);
      return result != null && PASSED_THROUGH.contains(method.getReturnType())
          ? faulty(result)
          : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /// `close` is declared by [java.io.Closeable], which says nothing of what is closed.
  private static String name(Object target, Method method) {
    for (Class<?> type : PASSED_THROUGH) {
      if (type.isInstance(target) && !(target instanceof Snapshot)) {
        boolean own = List.of(type.getMethods()).stream().anyMatch(method::equals);
        boolean named =
            List.of(type.getMethods()).stream()
                .anyMatch(each -> each.getName().equals(method.getName()));
        if (own || named) {
          return type.getSimpleName() + "." + method.getName();
        }
      }
    }
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }
}
