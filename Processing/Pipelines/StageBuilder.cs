using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Pipelines;
using Orleans.Pipeline.Pipelines.Operators;
using Orleans.Pipeline.Sinks;

namespace Orleans.Pipeline;

/// <summary>
/// Adds stateless steps and sinks to a stage. Each call continues from the builder's place, so two calls on one builder make two
/// branches.
/// </summary>
/// <typeparam name="T">The values at this place.</typeparam>
public sealed class StageBuilder<T>
{
    /// <summary>The default number of records that an asynchronous step works on at once in a process.</summary>
    public const int DefaultConcurrency = 16;

    private readonly StageDraft _stage;
    private readonly List<Func<IServiceProvider, Operator<T>>> _next = [];

    internal StageBuilder(StageDraft stage)
    {
        _stage = stage;
        stage.AddBranch(() => _next.Count > 0);
    }

    /// <summary>Turns each value into another.</summary>
    /// <param name="map">Returns the new value.</param>
    /// <param name="name">The step's name in dead letters.</param>
    /// <typeparam name="TOut">The new values.</typeparam>
    public StageBuilder<TOut> Map<TOut>(Func<T, TOut> map, string name = "Map")
    {
        ArgumentNullException.ThrowIfNull(map);
        return Then<TOut>(name, (_, next) => new MapOperator<T, TOut>(name, (value, _) => map(value), next));
    }

    /// <summary>Turns each value into another, with access to the source record.</summary>
    /// <param name="map">Returns the new value.</param>
    /// <param name="name">The step's name in dead letters.</param>
    /// <typeparam name="TOut">The new values.</typeparam>
    public StageBuilder<TOut> Map<TOut>(Func<T, StepContext, TOut> map, string name = "Map")
    {
        ArgumentNullException.ThrowIfNull(map);
        return Then<TOut>(name, (_, next) => new MapOperator<T, TOut>(name, map, next));
    }

    /// <summary>Turns each value into another asynchronously.</summary>
    /// <param name="map">Returns the new value.</param>
    /// <param name="concurrency">The most records in this step at once in a process. Default 16.</param>
    /// <param name="name">The step's name in dead letters.</param>
    /// <typeparam name="TOut">The new values.</typeparam>
    public StageBuilder<TOut> MapAsync<TOut>(
        Func<T, StepContext, CancellationToken, ValueTask<TOut>> map, int concurrency = DefaultConcurrency, string name = "MapAsync")
    {
        ArgumentNullException.ThrowIfNull(map);
        _stage.AddConcurrency(concurrency);
        return Then<TOut>(name, (_, next) => new MapAsyncOperator<T, TOut>(name, map, concurrency, next));
    }

    /// <summary>Keeps only the values that a predicate accepts.</summary>
    /// <param name="predicate">Returns whether to keep a value.</param>
    /// <param name="name">The step's name in dead letters.</param>
    public StageBuilder<T> Where(Func<T, bool> predicate, string name = "Where")
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Then<T>(name, (_, next) => new WhereOperator<T>(name, predicate, next));
    }

    /// <summary>Turns each value into none, one or several.</summary>
    /// <param name="map">Returns the new values, in the order for the next step.</param>
    /// <param name="name">The step's name in dead letters.</param>
    /// <typeparam name="TOut">The new values.</typeparam>
    public StageBuilder<TOut> FlatMap<TOut>(Func<T, IEnumerable<TOut>> map, string name = "FlatMap")
    {
        ArgumentNullException.ThrowIfNull(map);
        return Then<TOut>(name, (_, next) => new FlatMapOperator<T, TOut>(name, (value, _) => map(value), next));
    }

    /// <summary>Adds a step from dependency injection. An unregistered step is created with its dependencies injected.</summary>
    /// <typeparam name="TStep">The step.</typeparam>
    /// <typeparam name="TOut">The values that it yields.</typeparam>
    public StageBuilder<TOut> Step<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStep, TOut>()
        where TStep : class, IStep<T, TOut> =>
        Then<TOut>(
            typeof(TStep).Name, (services, next) => new MapOperator<T, TOut>(typeof(TStep).Name, Resolve<TStep>(services).Process, next));

    /// <summary>Adds a step.</summary>
    /// <param name="step">The step; it serves several threads at once.</param>
    /// <typeparam name="TOut">The values that it yields.</typeparam>
    public StageBuilder<TOut> Step<TOut>(IStep<T, TOut> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return Then<TOut>(step.GetType().Name, (_, next) => new MapOperator<T, TOut>(step.GetType().Name, step.Process, next));
    }

    /// <summary>Adds a flat-map step from dependency injection. An unregistered step is created with its dependencies injected.</summary>
    /// <typeparam name="TStep">The step.</typeparam>
    /// <typeparam name="TOut">The values that it yields.</typeparam>
    public StageBuilder<TOut> FlatStep<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStep, TOut>()
        where TStep : class, IFlatStep<T, TOut> =>
        Then<TOut>(
            typeof(TStep).Name,
            (services, next) => new FlatMapOperator<T, TOut>(typeof(TStep).Name, Resolve<TStep>(services).Process, next));

    /// <summary>
    /// Adds an asynchronous step from dependency injection. An unregistered step is created with its dependencies injected.
    /// </summary>
    /// <param name="concurrency">The most records in this step at once in a process. Default 16.</param>
    /// <typeparam name="TStep">The step.</typeparam>
    /// <typeparam name="TOut">The values that it yields.</typeparam>
    public StageBuilder<TOut> StepAsync<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStep, TOut>(int concurrency = DefaultConcurrency)
        where TStep : class, IAsyncStep<T, TOut>
    {
        _stage.AddConcurrency(concurrency);
        return Then<TOut>(typeof(TStep).Name, (services, next) =>
            new MapAsyncOperator<T, TOut>(typeof(TStep).Name, Resolve<TStep>(services).ProcessAsync, concurrency, next));
    }

    /// <summary>Writes the values to a table, exactly once.</summary>
    /// <param name="table">The table: <see cref="Table"/> makes one.</param>
    /// <returns>The same builder: the next call gets the same values.</returns>
    public StageBuilder<T> To(TableSink<T> table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Add(table.Bind(_stage.Invalid));
    }

    /// <summary>Writes the values to a topic, a file or the console: <see cref="Sink"/> makes these.</summary>
    /// <param name="sink">The sink.</param>
    /// <returns>The same builder: the next call gets the same values.</returns>
    public StageBuilder<T> To(Sink sink) => To(sink, key: null);

    /// <summary>Writes the values to a topic under keys, exactly once.</summary>
    /// <param name="sink">The topic: <c>Sink.Topic("name")</c>.</param>
    /// <param name="key">Returns the key that selects the value's partition; null for the source record's key.</param>
    /// <param name="serializer">Writes the values; null for JSON, or for the bytes themselves if the values are bytes.</param>
    /// <returns>The same builder: the next call gets the same values.</returns>
    public StageBuilder<T> To(Sink sink, Func<T, string?>? key, ISerializer<T>? serializer = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return Add(sink.Bind(new SinkBinding<T>(key, _stage.SerializerOr(serializer), _stage.Invalid)));
    }

    /// <summary>Delivers the values to a custom sink, at least once. Each delivery has an id by which the sink can drop a repeat.</summary>
    /// <param name="sink">The sink; it serves every task of the process.</param>
    /// <returns>The same builder: the next call gets the same values.</returns>
    public StageBuilder<T> To(ISink<T> sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return Add(new DeliverySink<T>(sink.GetType().Name, _ => sink));
    }

    /// <summary>
    /// Delivers the values to a sink from dependency injection. An unregistered sink is created with its dependencies injected.
    /// </summary>
    /// <typeparam name="TSink">The sink.</typeparam>
    /// <returns>The same builder: the next call gets the same values.</returns>
    public StageBuilder<T> To<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>()
        where TSink : class, ISink<T> =>
        Add(new DeliverySink<T>(typeof(TSink).Name, Resolve<TSink>));

    /// <summary>Writes the values to a topic, partitioned by the new key, and begins the next stage on that topic.</summary>
    /// <param name="topic">The topic; it is created if it does not exist.</param>
    /// <param name="key">Returns the key that selects a value's partition; null for the source record's key.</param>
    /// <param name="partitions">The number of the topic's partitions; null for the number that it has, or 8 when it is created.</param>
    /// <param name="serializer">Writes and reads the values; null for JSON, or for the bytes themselves if the values are bytes.</param>
    /// <param name="missing">
    /// What the next stage does with values that are null; null for a dead letter, or for default memory if the values are bytes.
    /// </param>
    public StageBuilder<T> Through(
        string topic,
        Func<T, string?>? key = null,
        int? partitions = null,
        ISerializer<T>? serializer = null,
        MissingValue? missing = null)
    {
        To(Sink.Topic(topic, partitions), key, serializer);
        return _stage.Pipeline.From(topic, serializer, partitions, missing: missing);
    }

    internal Operator<T> Compile(IServiceProvider services) => _next.Count == 1
        ? _next[0](services)
        : new BranchOperator<T>([.. _next.Select(next => next(services))]);

    private static TService Resolve<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(IServiceProvider services)
        where TService : class =>
        services.GetService<TService>() ?? ActivatorUtilities.CreateInstance<TService>(services);

    private StageBuilder<T> Add(BoundSink<T> sink)
    {
        var place = _stage.Add(sink);
        _next.Add(_ => new SinkOperator<T>(sink.Name, place));
        return this;
    }

    private StageBuilder<TOut> Then<TOut>(string name, Func<IServiceProvider, Operator<TOut>, Operator<T>> make)
    {
        _stage.AddStep(name);
        var child = new StageBuilder<TOut>(_stage);
        _next.Add(services => make(services, child.Compile(services)));
        return child;
    }
}
