namespace Orleans.Pipeline;

/// <summary>Begins the definition of a sink table. Rows commit with the offset, exactly once.</summary>
public static class Table
{
    /// <summary>Defines a table that only grows: each value becomes a row.</summary>
    /// <param name="name">Its name: <c>[a-z][a-z0-9_]{0,62}</c>, not starting with <c>pipeline_</c>, <c>sqlite_</c> or <c>pg_</c>.</param>
    /// <typeparam name="T">The values.</typeparam>
    public static TableSink<T> Insert<T>(string name) => new(name, TableMode.Insert);

    /// <summary>Defines a table with one row per key: each value replaces the row with its key.</summary>
    /// <param name="name">Its name: <c>[a-z][a-z0-9_]{0,62}</c>, not starting with <c>pipeline_</c>, <c>sqlite_</c> or <c>pg_</c>.</param>
    /// <typeparam name="T">The values.</typeparam>
    public static TableSink<T> Upsert<T>(string name) => new(name, TableMode.Upsert);

    /// <summary>Defines a table of counters with one row per key: each value adds to the row with its key.</summary>
    /// <param name="name">Its name: <c>[a-z][a-z0-9_]{0,62}</c>, not starting with <c>pipeline_</c>, <c>sqlite_</c> or <c>pg_</c>.</param>
    /// <typeparam name="T">The values.</typeparam>
    public static TableSink<T> Add<T>(string name) => new(name, TableMode.Add);
}
