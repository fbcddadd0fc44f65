namespace AccessLog.Demo;

/// <summary>The engine that runs the pipeline.</summary>
internal enum DemoEngine
{
    /// <summary>One Orleans silo on a SQLite database.</summary>
    Silo,

    /// <summary>One process on a SQLite database, without Orleans.</summary>
    Embedded,

    /// <summary>Three Orleans silos over PostgreSQL. The demo kills one of them.</summary>
    Cluster,
}
