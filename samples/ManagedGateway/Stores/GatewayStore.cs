using As2;
using As2.CertificateExchange;
using As2.Storage;
using As2.Storage.PostgreSql;
using As2.Storage.S3;
using As2.Storage.Sqlite;

namespace ManagedGateway.Stores;

/// <summary>Composes the store that the settings name: the data folder's own, or a database that several nodes share.</summary>
internal static class GatewayStore
{
    private const string PasswordVariable = "GATEWAY_Store__Password";

    /// <summary>Adds the store.</summary>
    /// <exception cref="As2Exception">GW-STORE-004: a part of it is not said.</exception>
    public static IServiceCollection AddStoreOf(this IServiceCollection services, StoreSettings? settings, string data)
    {
        if (settings is null)
        {
            services.AddSqliteStore(data);
            return services.AddSingleton<IStoreStatistics>(_ => new SqliteStatistics(data));
        }
        Check(settings);
        services.AddPostgresStore(options => Configure(options, settings, data), provider => Blobs(settings, data, provider.GetRequiredService<TimeProvider>()));
        if (settings.Blobs is { } folder)
        {
            services.AddSingleton(p => new SharedFolderWatch(
                p.GetRequiredService<PostgresStore>(), Path.GetFullPath(Path.Combine(data, folder)), settings.LeastFreeBytes, p.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IStoreHealth>(p => p.GetRequiredService<SharedFolderWatch>()).AddHostedService(p => p.GetRequiredService<SharedFolderWatch>());
        }
        return services.AddSingleton<IStoreStatistics>(provider => new PostgresStatistics(provider.GetRequiredService<PostgresStore>));
    }

    /// <summary>Where certificate exchanges are kept.</summary>
    public static IExchangeStore Exchanges(IServiceProvider provider, StoreSettings? settings, string data) => settings is null
        ? new FolderExchangeStore(Path.Combine(data, "exchanges"))
        : new PostgresExchangeStore(provider.GetRequiredService<PostgresStore>);

    /// <summary>The store of large contents that the settings name.</summary>
    public static IBlobStore Blobs(StoreSettings settings, string data, TimeProvider time)
    {
        if (settings.S3 is not { } s3)
            return new FileBlobStore(Path.Combine(data, settings.Blobs!), time, isShared: true);
        var keys = s3.KeysFile is { } file ? File.ReadAllLines(Path.Combine(data, file)) : null;
        return new S3BlobStore(new S3StoreOptions
        {
            Bucket = s3.Bucket, Prefix = s3.Prefix, Address = s3.Address is { } address ? new Uri(address) : null, Region = s3.Region,
            AccessKey = keys?[0].Trim(), SecretKey = keys?[1].Trim(),
        }, time);
    }

    /// <summary>The database that the settings name.</summary>
    public static void Configure(PostgresStoreOptions options, StoreSettings settings, string data)
    {
        options.ConnectionString = settings.Postgres;
        options.Schema = settings.Schema;
        options.MaxConnections = settings.MaxConnections;
        options.KeepsPartnersOrder = settings.KeepsPartnersOrder;
        if (settings.PasswordFile is { } file)
            options.Password = () => File.ReadLines(Path.Combine(data, file)).First().Trim();
        else if (Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password)
            options.Password = () => password;
    }

    /// <exception cref="As2Exception">GW-STORE-004.</exception>
    public static void Check(StoreSettings settings)
    {
        if (settings.Postgres.Length == 0)
            throw new As2Exception("GW-STORE-004", "Store names no database. Give 'Postgres' a connection string, or take Store out: messages are then kept in the data folder.");
        if (settings.Blobs is null == settings.S3 is null)
            throw new As2Exception("GW-STORE-004", "Store needs a place for large contents that every node reaches: 'Blobs', a folder on a shared file system, or 'S3', a bucket; one of them.");
    }
}
