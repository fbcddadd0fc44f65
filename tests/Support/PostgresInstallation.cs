using System.Diagnostics;

namespace Orleans.Pipeline.Support;

/// <summary>The programs of an installed PostgreSQL. They refuse to run as root, so root runs them as the user <c>postgres</c>.</summary>
public sealed class PostgresInstallation
{
    private const string Versions = "/usr/lib/postgresql";
    private const string User = "postgres";
    private readonly string _bin;

    private PostgresInstallation(string bin) => _bin = bin;

    /// <summary>Finds the newest one; null if there is none.</summary>
    public static PostgresInstallation? Find()
    {
        string[] versions = Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : [];
        var bin = versions.OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
            .Select(version => Path.Combine(version, "bin"))
            .Concat(InstalledProgram.Folders)
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "pg_ctl")));
        return bin is null ? null : new(bin);
    }

    /// <summary>Makes an empty directory that its programs can use.</summary>
    /// <param name="prefix">What its name begins with.</param>
    public static string CreateDirectory(string prefix = "pipeline-postgres-")
    {
        var directory = Directory.CreateTempSubdirectory(prefix).FullName;
        GiveAway(directory);
        return directory;
    }

    /// <summary>Lets its programs use a directory.</summary>
    public static void GiveAway(string directory)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using var chown = Process.Start("chown", [User, directory]);
            chown.WaitForExit();
        }
    }

    /// <summary>Runs one of its programs to the end.</summary>
    public async Task RunAsync(string program, params string[] arguments)
    {
        var start = Prepare([Path.Combine(_bin, program), .. arguments]);
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with {process.ExitCode}: {await error}");
        }
    }

    /// <summary>
    /// Starts a process that stops a server and removes its directory when its own standard input is closed, which the end of this
    /// process does too, however it ends. It heeds no signal, since Ctrl-C reaches every process of a terminal.
    /// </summary>
    public Process StartUndertaker(string directory, string data)
    {
        var start = Prepare(["/bin/sh", "-c", "trap '' INT TERM; cat; \"$0\" -D \"$1\" -m immediate stop; rm -rf \"$2\"", Path.Combine(_bin, "pg_ctl"), data, directory]);
        start.RedirectStandardInput = true;
        return Process.Start(start)!;
    }

    private static ProcessStartInfo Prepare(string[] command)
    {
        string[] all = Environment.IsPrivilegedProcess ? ["runuser", "-u", User, "--", .. command] : command;
        return new(all[0], all[1..]) { RedirectStandardOutput = true, WorkingDirectory = "/" };
    }
}
