using System.Globalization;
using System.Runtime.InteropServices;
using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Image;

/// <summary>
/// Where containers of the image run: with the image's environment and user, a folder each for /data and /tmp, and ports of their own.
/// </summary>
internal sealed class Container : IDisposable
{
    /// <summary>The user of Microsoft's images, which is $APP_UID in them.</summary>
    private const int User = 1654;

    private readonly TemporaryDirectory _folder = new();
    private readonly ImageLayout _image;

    public Container(ImageLayout image)
    {
        _image = image;
        foreach (var folder in new[] { Data, Temporary })
        {
            Directory.CreateDirectory(folder);
            Assert.Equal(0, Own(folder, User, User));
        }

        Address = new($"http://127.0.0.1:{FreePorts.Next(Random.Shared)}");
        Settings = new Dictionary<string, string>(Dockerfile.Environment)
        {
            ["PATH"] = "/usr/bin",
            ["HOME"] = "/home/app",
            ["ASPNETCORE_URLS"] = Address.ToString(),
            ["PIPELINE_SERVER"] = Address.ToString(),
            ["Silo__SiloPort"] = FreePorts.Next(Random.Shared).ToString(CultureInfo.InvariantCulture),
            ["Silo__GatewayPort"] = FreePorts.Next(Random.Shared).ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The address of the silo's gateway.</summary>
    public Uri Address { get; }

    /// <summary>What is /data in it.</summary>
    public string Data => _folder["data"];

    /// <summary>What is /tmp in it.</summary>
    public string Temporary => _folder["tmp"];

    private static Dockerfile Dockerfile { get; } = Dockerfile.Read();

    private Dictionary<string, string> Settings { get; }

    /// <summary>Starts the program of the image, with settings beside those of the image.</summary>
    public ContainerProcess Start(params IEnumerable<string> settings) =>
        ContainerProcess.Start("unshare", Line([.. settings, .. Dockerfile.EntryPoint]));

    /// <summary>Runs the health check of the image.</summary>
    /// <returns>Its exit code, and all that it wrote.</returns>
    public Task<(int ExitCode, string Output)> CheckHealthAsync() => Command.TryAsync("unshare", Line(Dockerfile.HealthCheck));

    /// <summary>Runs a program in it.</summary>
    /// <returns>Its exit code, and all that it wrote.</returns>
    public Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> program) => Command.TryAsync("unshare", Line(program));

    public void Dispose() => _folder.Dispose();

    [DllImport("libc", EntryPoint = "chown", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Own([MarshalAs(UnmanagedType.LPStr)] string path, int user, int group);

    private IEnumerable<string> Line(IEnumerable<string> program) =>
    [
        "--mount",
        Repository.PathOf("tests", "Packaging", "Image", "container.sh"),
        _image.Folder,
        User.ToString(CultureInfo.InvariantCulture),
        Data,
        Temporary,
        "--ignore-environment", .. Settings.Select(setting => $"{setting.Key}={setting.Value}"), .. program,
    ];
}
