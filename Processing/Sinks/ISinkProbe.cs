namespace Orleans.Pipeline.Sinks;

/// <summary>Sees the calls of sinks outside the database, and may stand between.</summary>
internal interface ISinkProbe
{
    /// <summary>Returns the sink that is called in the place of another.</summary>
    /// <param name="sink">The sink of the definition.</param>
    /// <param name="name">Its name in dead letters.</param>
    /// <typeparam name="T">The values.</typeparam>
    ISink<T> Wrap<T>(ISink<T> sink, string name);
}
