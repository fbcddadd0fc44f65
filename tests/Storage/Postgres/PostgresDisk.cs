namespace Orleans.Pipeline.Storage.Tests.Postgres;

/// <summary>A small disk on which a temporary server may write.</summary>
internal static class PostgresDisk
{
    /// <summary>Mounts one, empty.</summary>
    public static Mount MountDisk(this PostgresServer server, int megabytes)
    {
        var disk = Mount.TinyDisk(Path.Combine(server.Directory, "disk"), megabytes);
        PostgresInstallation.GiveAway(disk.Path);
        return disk;
    }
}
